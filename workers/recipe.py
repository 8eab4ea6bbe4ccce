"""What a training step is made of, the same for every framework."""

# Llama's own (Llama 2, section 2.2), but for the rate, which holds for any size: on one batch the loss has to fall, not far.
LEARNING_RATE = 3e-4
BETAS = (0.9, 0.95)
EPSILON = 1e-8
WEIGHT_DECAY = 0.1

# Standard deviation of the weights before the first step.
WEIGHTS_SD = 0.02

# PyTorch's GradScaler: where the scale begins, and how it falls and grows.
FIRST_SCALE = 2.0**16
BACKOFF = 0.5
GROWTH = 2.0
GROWTH_INTERVAL = 2000

# What a precision computes in; weights and moments are f32 but where the weights are cast.
COMPUTES_IN = {"f32": "f32", "tf32": "tf32", "bf16": "bf16", "f16": "f16", "f16-pure": "f16"}


def is_cast(precision):
    """Weights themselves are of the precision, and so are moments."""
    return precision == "f16-pure"


def is_scaled(precision):
    """The loss is scaled, so that small gradients don't vanish."""
    return precision == "f16"


def setup_of(precision, attention, compiler, optimizer):
    weights = "f16" if is_cast(precision) else "f32"
    return {
        "weights": weights,
        "compute": COMPUTES_IN[precision],
        "accumulation": "f32",
        "moments": weights,
        "scaler": "dynamic" if is_scaled(precision) else "none",
        "optimizer": optimizer,
        "attention": attention,
        "compiler": compiler,
    }
