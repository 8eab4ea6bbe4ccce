"""MLX on one device: what it is, and the training of a Llama-shaped decoder with it."""

import os
import platform

# MLX reads this once in a process: what is called f32 is to be computed as f32.
os.environ["MLX_ENABLE_TF32"] = "0"

import mlx.core as mx  # noqa: E402
import mlx.nn as nn  # noqa: E402
import mlx.optimizers as optim  # noqa: E402
from mlx.utils import tree_flatten, tree_map  # noqa: E402

import recipe  # noqa: E402
from channel import Failure  # noqa: E402
from system import ram_bytes  # noqa: E402

DTYPES = {"bf16": mx.bfloat16, "f16": mx.float16, "f16-pure": mx.float16}

# Texts of its allocators (mlx/backend/*/allocator.cpp) where nothing is left.
MEMORY_TEXTS = ("unable to allocate", "insufficient memory", "out of memory", "outofmemory", "bad_alloc", "maximum allowed buffer size")


def gpu_backend():
    """`metal`, `cuda`, or None in a build for the CPU."""
    if mx.metal.is_available():
        return "metal"
    cuda = getattr(mx, "cuda", None)
    return "cuda" if cuda is not None and cuda.is_available() else None


def chosen(device):
    """The backend that was asked for; `auto` takes the GPU where there is one."""
    gpu = gpu_backend()
    if device == "auto":
        return gpu or "cpu"
    if device in ("cpu", gpu):
        return device
    if device in ("metal", "cuda"):
        raise Failure("engine", "mlx %s sees no %s device" % (mx.__version__, "Metal" if device == "metal" else "CUDA"))
    raise Failure("engine", "mlx has no backend %s: expected auto, metal, cuda or cpu" % device)


class MlxFramework:
    def __init__(self, device):
        self.backend = chosen(device)
        mx.set_default_device(mx.cpu if self.backend == "cpu" else mx.gpu)

    def facts(self):
        return {
            "version": mx.__version__,
            "commit": None,
            "python": platform.python_version(),
            "backend": self.backend,
            "devices": self.devices(),
            "system_info": "MLX %s | %s" % (mx.__version__, mx.default_device()),
        }

    def devices(self):
        free, total = ram_bytes()
        cpu = {
            "name": "CPU",
            "description": platform.processor() or platform.machine(),
            "type": "cpu",
            "free_bytes": free,
            "total_bytes": total,
        }
        return [cpu] if self.backend == "cpu" else [self.gpu(), cpu]

    def gpu(self):
        told = mx.device_info(mx.gpu) if hasattr(mx, "device_info") else mx.metal.device_info()
        total = told.get("max_recommended_working_set_size", told.get("memory_size", told.get("total_memory", 0)))
        return {
            "name": self.gpu_name(),
            "description": told.get("device_name", "GPU"),
            "type": "gpu",
            "free_bytes": told.get("free_memory", total),
            "total_bytes": total,
        }

    def gpu_name(self):
        return "MTL0" if self.backend == "metal" else "CUDA0"

    def synchronize(self):
        mx.synchronize()

    def forget(self):
        mx.clear_cache()
        mx.reset_peak_memory()

    def free_memory(self):
        if self.backend == "cpu":
            return []
        held = mx.get_active_memory() + mx.get_cache_memory()
        return [(self.gpu_name(), max(0, self.gpu()["total_bytes"] - held))]

    def peak_device_bytes(self):
        return mx.get_peak_memory()

    def speaks_of_memory(self, error):
        return any(text in str(error).lower() for text in MEMORY_TEXTS)

    def trainer(self, request):
        if request["precision"] == "tf32":
            raise Failure("support", "MLX has no TF32 beside f32 within one process")
        return MlxTrainer(request)

    def arithmetic(self, request, least_bytes):
        return MlxArithmetic(request, least_bytes)

    def cache_bytes(self):
        return None


class Attention(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.heads, self.kv_heads, self.size = shape["n_heads"], shape["n_kv_heads"], shape["head_size"]
        width = shape["n_embd"]
        self.q = nn.Linear(width, self.heads * self.size, bias=False)
        self.k = nn.Linear(width, self.kv_heads * self.size, bias=False)
        self.v = nn.Linear(width, self.kv_heads * self.size, bias=False)
        self.o = nn.Linear(self.heads * self.size, width, bias=False)
        self.rope = nn.RoPE(self.size, base=shape["freq_base"])

    def __call__(self, x):
        batch, length, _ = x.shape
        q = self.q(x).reshape(batch, length, self.heads, self.size).swapaxes(1, 2)
        k = self.k(x).reshape(batch, length, self.kv_heads, self.size).swapaxes(1, 2)
        v = self.v(x).reshape(batch, length, self.kv_heads, self.size).swapaxes(1, 2)
        y = mx.fast.scaled_dot_product_attention(
            self.rope(q), self.rope(k), v, scale=self.size**-0.5, mask="causal"
        )
        return self.o(y.swapaxes(1, 2).reshape(batch, length, self.heads * self.size))


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width, inner, epsilon = shape["n_embd"], shape["n_ff"], shape["norm_epsilon"]
        self.attention_norm = nn.RMSNorm(width, epsilon)
        self.attention = Attention(shape)
        self.feed_forward_norm = nn.RMSNorm(width, epsilon)
        self.gate = nn.Linear(width, inner, bias=False)
        self.up = nn.Linear(width, inner, bias=False)
        self.down = nn.Linear(inner, width, bias=False)

    def __call__(self, x):
        x = x + self.attention(self.attention_norm(x))
        y = self.feed_forward_norm(x)
        return x + self.down(nn.silu(self.gate(y)) * self.up(y))


class Decoder(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.embedding = nn.Embedding(shape["n_vocab"], shape["n_embd"])
        self.blocks = [Block(shape) for _ in range(shape["n_layers"])]
        self.norm = nn.RMSNorm(shape["n_embd"], shape["norm_epsilon"])
        if not shape["tied_embeddings"]:
            self.output = nn.Linear(shape["n_embd"], shape["n_vocab"], bias=False)

    def draw(self):
        matrix = lambda weight: mx.random.normal(weight.shape, scale=recipe.WEIGHTS_SD)  # noqa: E731
        self.update(tree_map(lambda weight: matrix(weight) if weight.ndim > 1 else weight, self.parameters()))

    def __call__(self, tokens):
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        return self.output(x) if "output" in self else self.embedding.as_linear(x)


class MlxTrainer:
    def __init__(self, request):
        self.precision = request["precision"]
        shape = request["shape"]
        mx.random.seed(request["seed"])
        self.model = Decoder(shape)
        self.model.draw()
        # What weights are cast to for a step: f32 weights stay what is learnt.
        self.dtype = None if recipe.is_cast(self.precision) else DTYPES.get(self.precision)
        self.casting = None if self.dtype is None else Decoder(shape)
        if recipe.is_cast(self.precision):
            self.model.set_dtype(mx.float16)
        self.optimizer = optim.AdamW(
            learning_rate=recipe.LEARNING_RATE,
            betas=list(recipe.BETAS),
            eps=recipe.EPSILON,
            weight_decay=recipe.WEIGHT_DECAY,
            bias_correction=True,
        )
        self.optimizer.init(self.model.trainable_parameters())
        tokens = mx.random.randint(0, shape["n_vocab"], (request["batch"], request["sequence"] + 1))
        self.tokens = tokens
        self.scale = recipe.FIRST_SCALE if recipe.is_scaled(self.precision) else None
        self.steps_at_scale = 0
        self.was_skipped = False
        self.last_loss = None
        self.gradients = None
        self.uncompiled = nn.value_and_grad(self.model, self.scaled_loss)
        self.compiler, self.loss_and_gradients = "none", self.uncompiled
        if request["compile"]:
            self.compiler, self.loss_and_gradients = "mx.compile", self.compiled()
        mx.eval(self.model.parameters(), self.optimizer.state, self.tokens)

    def scaled_loss(self, inputs, targets, scale):
        model = self.model
        if self.casting is not None:
            self.casting.update(tree_map(lambda weight: weight.astype(self.dtype), self.model.parameters()))
            model = self.casting
        logits = model(inputs)
        loss = nn.losses.cross_entropy(logits.astype(mx.float32), targets, reduction="mean")
        return loss * scale

    def compiled(self):
        """As a function of the weights: what is traced must not stay in the model."""

        def loss_of_weights(weights, *rest):
            self.model.update(weights)
            return self.scaled_loss(*rest)

        traced = mx.compile(mx.value_and_grad(loss_of_weights))

        def loss_and_gradients(*rest):
            weights = self.model.trainable_parameters()
            try:
                return traced(weights, *rest)
            finally:
                self.model.update(weights)

        return loss_and_gradients

    def backward(self, tokens):
        scale = mx.array(1.0 if self.scale is None else self.scale)
        return self.loss_and_gradients(tokens[:, :-1], tokens[:, 1:], scale)

    def step(self):
        """One training step, evaluated."""
        # The last step's need no room beside this one's.
        self.gradients = None
        loss, gradients = self.backward(self.tokens)
        if self.scale is None:
            self.update(gradients)
        else:
            gradients = tree_map(lambda gradient: gradient / self.scale, gradients)
            self.update_scaled(gradients)
            loss = loss / self.scale_before
        mx.eval(loss, self.model.parameters(), self.optimizer.state)
        self.last_loss, self.gradients = loss, gradients

    def update(self, gradients):
        self.optimizer.update(self.model, gradients)

    def update_scaled(self, gradients):
        """As a gradient scaler does: a step with gradients that aren't finite is skipped, and the scale falls."""
        self.scale_before = self.scale
        finite = mx.all(mx.stack([mx.all(mx.isfinite(one)) for _, one in tree_flatten(gradients)])).item()
        self.was_skipped = not finite
        self.steps_at_scale = self.steps_at_scale + 1 if finite else 0
        if finite:
            self.update(gradients)
        if not finite:
            self.scale *= recipe.BACKOFF
        elif self.steps_at_scale == recipe.GROWTH_INTERVAL:
            self.scale *= recipe.GROWTH
            self.steps_at_scale = 0

    def slice(self, sequence):
        """Forward and backward of the beginning of one sequence; nothing is learnt from it, and nothing compiled for it."""
        whole, self.loss_and_gradients = self.loss_and_gradients, self.uncompiled
        mx.eval(self.backward(self.tokens[:1, : sequence + 1]))
        self.loss_and_gradients = whole

    def skipped(self):
        return self.was_skipped

    def parameter_count(self):
        return sum(weight.size for _, weight in tree_flatten(self.model.trainable_parameters()))

    def setup(self):
        return recipe.setup_of(self.precision, "mx.fast.sdpa", self.compiler, "mlx.optimizers.AdamW")

    def loss(self):
        return None if self.last_loss is None else self.last_loss.item()

    def gradient_mark(self):
        return None if self.gradients is None else mark(marked(self.gradients))

    def weight_mark(self):
        return mark(marked(self.model.parameters()))

    def gradient_norms(self):
        return [mark(one) for _, one in tree_flatten(self.gradients)]

    def tensor_marks(self):
        return {name: mark(weight) for name, weight in tree_flatten(self.model.trainable_parameters())}

    def weights_are_finite(self):
        weights = [weight for _, weight in tree_flatten(self.model.parameters())]
        return all(bool(mx.all(mx.isfinite(weight)).item()) for weight in weights)


def marked(tree):
    """The whole backward pass stands before its gradient."""
    return tree["blocks"][0]["attention"]["q"]["weight"]


def mark(tensor):
    """A number that tells a tensor from what it was before: the norm of its elements."""
    return mx.sqrt(mx.sum(mx.square(tensor.astype(mx.float32)))).item()


MATRIX_DTYPES = {"f32": mx.float32, "bf16": mx.bfloat16, "f16": mx.float16}

# Columns of the matrices that are multiplied with a vector, as wide as a large model's.
READ_COLUMNS = 8192


class MlxArithmetic:
    """One pass of `copy`, `read` or `matmul` on arrays that lie on the device."""

    def __init__(self, request, least_bytes):
        dtype = MATRIX_DTYPES.get(request["precision"])
        if dtype is None:
            raise Failure("support", "MLX multiplies no matrices of %s" % request["precision"])
        mx.random.seed(request["seed"])
        random = lambda *shape: mx.random.normal(shape).astype(dtype)  # noqa: E731
        kind, width = request["kind"], dtype.size
        self.pass_bytes = None
        self.copied = None
        if kind == "copy":
            source = random(least_bytes // width)
            self.copied = source
            # MLX shares what is only copied: a negation reads and writes the same bytes.
            self.compute = lambda: -source
            self.pass_bytes = 2 * source.size * width
            mx.eval(source)
        elif kind == "read":
            rows = -(-least_bytes // (READ_COLUMNS * width))
            matrix, vector = random(rows, READ_COLUMNS), random(READ_COLUMNS)
            mx.eval(matrix, vector)
            self.compute = lambda: matrix @ vector
            self.pass_bytes = matrix.size * width
        else:
            a, b = random(request["size"], request["size"]), random(request["size"], request["size"])
            mx.eval(a, b)
            self.compute = lambda: a @ b
        self.result = None

    def run(self):
        self.result = self.compute()
        mx.eval(self.result)

    def wipe(self):
        self.result = None

    def flaw(self):
        """What is wrong with the result; None where nothing is."""
        if self.result is None:
            return "nothing"
        if self.copied is not None:
            return None if mx.array_equal(self.result, -self.copied).item() else "a copy that differs"
        if not mx.all(mx.isfinite(self.result)).item():
            return "products that are not finite"
        same = mx.all(self.result == self.result.flatten()[0]).item()
        return "products that are all the same" if same else None
