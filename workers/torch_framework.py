"""PyTorch on one device: what it is, and the training of a Llama-shaped decoder with it."""

import platform

import torch
import torch.nn.functional as F
from torch import nn

import recipe
from channel import Failure
from system import ram_bytes

DTYPES = {"bf16": torch.bfloat16, "f16": torch.float16, "f16-pure": torch.float16}

BACKENDS = {"cuda": "cuda", "mps": "metal", "cpu": "cpu"}

# Texts of allocators that have nothing left, beside the error that CUDA's has of its own.
MEMORY_TEXTS = ("out of memory", "can't allocate memory", "not enough memory", "bad_alloc", "Invalid buffer size")


def chosen(device):
    """The device of a backend; `auto` takes the best that this build of torch sees."""
    has_cuda = torch.cuda.is_available() and torch.version.hip is None
    has_mps = torch.backends.mps.is_available()
    if device == "auto":
        return "cuda" if has_cuda else "mps" if has_mps else "cpu"
    if device == "cpu":
        return "cpu"
    if device == "cuda":
        if has_cuda:
            return "cuda"
        raise Failure("engine", why_no_cuda())
    if device == "metal":
        if has_mps:
            return "mps"
        built = torch.backends.mps.is_built()
        raise Failure("engine", "torch %s sees no Metal device%s" % (torch.__version__, "" if built else ": it is built without MPS"))
    raise Failure("engine", "torch has no backend %s: expected auto, cuda, metal or cpu" % device)


def why_no_cuda():
    if torch.version.hip is not None:
        return "torch %s is built for ROCm, not for CUDA" % torch.__version__
    if torch.version.cuda is None:
        return "torch %s is built for the CPU alone; pytorch.org/get-started has builds for CUDA" % torch.__version__
    return "torch %s, built for CUDA %s, sees no CUDA device" % (torch.__version__, torch.version.cuda)


class TorchFramework:
    def __init__(self, device):
        self.kind = chosen(device)
        self.device = torch.device(self.kind, 0) if self.kind == "cuda" else torch.device(self.kind)

    def facts(self):
        return {
            "version": torch.__version__,
            "commit": torch.version.git_version,
            "python": platform.python_version(),
            "backend": BACKENDS[self.kind],
            "devices": self.devices(),
            "system_info": self.system_info(),
        }

    def devices(self):
        free, total = ram_bytes()
        cpu = device_of("CPU", platform.processor() or platform.machine(), "cpu", free, total)
        if self.kind == "cuda":
            # A step is computed by one of them.
            return [cuda_device(0), cpu]
        if self.kind == "mps":
            working_set = torch.mps.recommended_max_memory()
            return [device_of("MTL0", "Apple GPU", "gpu", working_set, working_set), cpu]
        return [cpu]

    def system_info(self):
        told = ["PyTorch " + torch.__version__, "CPU " + torch.backends.cpu.get_cpu_capability()]
        if self.kind == "cuda":
            major, minor = torch.cuda.get_device_capability(0)
            told.append("CUDA %s, compute capability %d.%d" % (torch.version.cuda, major, minor))
            told.append("cuDNN %s" % torch.backends.cudnn.version())
        return " | ".join(told)

    def synchronize(self):
        if self.kind == "cuda":
            torch.cuda.synchronize()
        elif self.kind == "mps":
            torch.mps.synchronize()

    def forget(self):
        if self.kind == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
        elif self.kind == "mps":
            torch.mps.empty_cache()

    def free_memory(self):
        if self.kind == "cuda":
            return [("CUDA0", torch.cuda.mem_get_info(0)[0])]
        if self.kind == "mps":
            held = torch.mps.driver_allocated_memory()
            return [("MTL0", max(0, torch.mps.recommended_max_memory() - held))]
        return []

    def peak_device_bytes(self):
        if self.kind == "cuda":
            return torch.cuda.max_memory_allocated()
        # Its allocator gives nothing back of itself: what it holds after a step is the most that it held.
        return torch.mps.driver_allocated_memory() if self.kind == "mps" else None

    def speaks_of_memory(self, error):
        return isinstance(error, torch.OutOfMemoryError) or any(
            text.lower() in str(error).lower() for text in MEMORY_TEXTS
        )

    def trainer(self, request):
        self.allow(request["precision"])
        if self.kind == "cpu":
            torch.set_num_threads(request["threads"])
        return TorchTrainer(self, request)

    def arithmetic(self, request, least_bytes):
        self.allow(request["precision"])
        if self.kind == "cpu":
            torch.set_num_threads(request["threads"])
        return TorchArithmetic(self, request, least_bytes)

    def cache_bytes(self):
        return torch.cuda.get_device_properties(0).L2_cache_size if self.kind == "cuda" else None

    def allow(self, precision):
        """Matrices of f32 are multiplied as f32, but where TF32 was asked for."""
        if precision == "tf32":
            if self.kind != "cuda" or torch.cuda.get_device_capability(0) < (8, 0):
                raise Failure("support", "TF32 is computed by NVIDIA GPUs from Ampere on, and %s is none" % self.name())
        torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
        torch.backends.cudnn.allow_tf32 = precision == "tf32"

    def name(self):
        return torch.cuda.get_device_name(0) if self.kind == "cuda" else "an Apple GPU" if self.kind == "mps" else "the CPU"


def device_of(name, description, kind, free, total):
    return {"name": name, "description": description, "type": kind, "free_bytes": free, "total_bytes": total}


def cuda_device(index):
    free, total = torch.cuda.mem_get_info(index)
    return device_of("CUDA%d" % index, torch.cuda.get_device_name(index), "gpu", free, total)


def rotated(x, cos, sin):
    """Rotary position embedding, pairs half a head apart."""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


class Attention(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.heads, self.kv_heads, self.size = shape["n_heads"], shape["n_kv_heads"], shape["head_size"]
        width = shape["n_embd"]
        self.q = nn.Linear(width, self.heads * self.size, bias=False)
        self.k = nn.Linear(width, self.kv_heads * self.size, bias=False)
        self.v = nn.Linear(width, self.kv_heads * self.size, bias=False)
        self.o = nn.Linear(self.heads * self.size, width, bias=False)

    def forward(self, x, cos, sin):
        batch, length, _ = x.shape
        q = self.q(x).view(batch, length, self.heads, self.size).transpose(1, 2)
        k = self.k(x).view(batch, length, self.kv_heads, self.size).transpose(1, 2)
        v = self.v(x).view(batch, length, self.kv_heads, self.size).transpose(1, 2)
        q, k = rotated(q, cos, sin).to(v.dtype), rotated(k, cos, sin).to(v.dtype)
        grouped = self.kv_heads != self.heads
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=grouped)
        return self.o(y.transpose(1, 2).reshape(batch, length, self.heads * self.size))


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

    def forward(self, x, cos, sin):
        x = x + self.attention(self.attention_norm(x), cos, sin)
        y = self.feed_forward_norm(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Decoder(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.embedding = nn.Embedding(shape["n_vocab"], shape["n_embd"])
        self.blocks = nn.ModuleList([Block(shape) for _ in range(shape["n_layers"])])
        self.norm = nn.RMSNorm(shape["n_embd"], shape["norm_epsilon"])
        self.output = nn.Linear(shape["n_embd"], shape["n_vocab"], bias=False)
        if shape["tied_embeddings"]:
            self.output.weight = self.embedding.weight
        self.frequencies = shape["head_size"], shape["freq_base"]

    def draw(self):
        for weight in self.parameters():
            if weight.dim() > 1:
                nn.init.normal_(weight, std=recipe.WEIGHTS_SD)

    def turns(self, length, device):
        size, base = self.frequencies
        steps = torch.arange(0, size, 2, device=device, dtype=torch.float32) / size
        angles = torch.outer(torch.arange(length, device=device, dtype=torch.float32), base**-steps)
        angles = torch.cat((angles, angles), dim=-1)
        return angles.cos(), angles.sin()

    def forward(self, tokens, cos, sin):
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, cos, sin)
        return self.output(self.norm(x))


class TorchTrainer:
    def __init__(self, framework, request):
        self.framework = framework
        self.precision = request["precision"]
        shape, device = request["shape"], framework.device
        torch.manual_seed(request["seed"])
        with device:
            self.model = Decoder(shape)
        self.model.draw()
        if recipe.is_cast(self.precision):
            self.model.to(torch.float16)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(),
            lr=recipe.LEARNING_RATE,
            betas=recipe.BETAS,
            eps=recipe.EPSILON,
            weight_decay=recipe.WEIGHT_DECAY,
        )
        self.scaler = self.new_scaler()
        self.compiler = "none"
        self.forward = self.model
        if request["compile"]:
            self.forward, self.compiler = torch.compile(self.model), "torch.compile"
        self.tokens = torch.randint(
            0, shape["n_vocab"], (request["batch"], request["sequence"] + 1), device=device
        )
        self.cos, self.sin = self.model.turns(request["sequence"], device)
        if recipe.is_cast(self.precision):
            self.cos, self.sin = self.cos.half(), self.sin.half()
        self.last_loss = None
        self.was_skipped = False
        self.shape = shape
        # The whole backward pass stands before its gradient.
        self.marked = self.model.blocks[0].attention.q.weight

    def new_scaler(self):
        if not recipe.is_scaled(self.precision):
            return None
        return torch.amp.GradScaler(
            self.framework.kind,
            init_scale=recipe.FIRST_SCALE,
            growth_factor=recipe.GROWTH,
            backoff_factor=recipe.BACKOFF,
            growth_interval=recipe.GROWTH_INTERVAL,
        )

    def autocast(self):
        mixed = self.precision in DTYPES and not recipe.is_cast(self.precision)
        return torch.autocast(
            self.framework.kind, dtype=DTYPES[self.precision] if mixed else None, enabled=mixed
        )

    def loss_of(self, tokens, forward):
        length = tokens.shape[1] - 1
        with self.autocast():
            logits = forward(tokens[:, :-1], self.cos[:length], self.sin[:length])
            return F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())

    def step(self):
        """One training step, queued on the device as far as the framework does that."""
        self.clear()
        loss = self.loss_of(self.tokens, self.forward)
        self.backward(loss)
        self.update()
        self.last_loss = loss.detach()

    def clear(self):
        self.optimizer.zero_grad(set_to_none=True)

    def backward(self, loss):
        (loss if self.scaler is None else self.scaler.scale(loss)).backward()

    def update(self):
        if self.scaler is None:
            self.optimizer.step()
            return
        self.scale_before = self.scaler.get_scale()
        self.scaler.step(self.optimizer)
        self.scaler.update()

    def slice(self, sequence):
        """Forward and backward of the beginning of one sequence; nothing is learnt from it."""
        self.clear()
        self.backward(self.loss_of(self.tokens[:1, : sequence + 1], self.model))
        self.clear()

    def skipped(self):
        return self.scaler is not None and self.scaler.get_scale() < self.scale_before

    def parameter_count(self):
        return sum(weight.numel() for weight in self.model.parameters())

    def setup(self):
        return recipe.setup_of(self.precision, self.attention_kernel(), self.compiler, "torch.optim.AdamW")

    def attention_kernel(self):
        """Which of its kernels torch takes for this case's attention."""
        batch, sequence = self.tokens.shape[0], self.tokens.shape[1] - 1
        dtype = DTYPES.get(self.precision, torch.float32)
        heads, kv_heads, size = (self.shape[name] for name in ("n_heads", "n_kv_heads", "head_size"))
        q, k = (
            torch.empty(batch, count, sequence, size, dtype=dtype, device=self.framework.device, requires_grad=True)
            for count in (heads, kv_heads)
        )
        try:
            choice = torch._fused_sdp_choice(q, k, k, is_causal=True, enable_gqa=heads != kv_heads)
        except Exception:  # noqa: BLE001 - not a public function
            return "sdpa"
        names = {0: "math", 1: "flash", 2: "efficient", 3: "cudnn", 4: "overrideable"}
        return "sdpa-" + names.get(int(choice), "unknown")

    def loss(self):
        return None if self.last_loss is None else self.last_loss.item()

    def gradient_mark(self):
        return mark(self.marked.grad)

    def weight_mark(self):
        return mark(self.marked)

    def gradient_norms(self):
        return [mark(weight.grad) for weight in self.model.parameters()]

    def tensor_marks(self):
        return {name: mark(weight) for name, weight in self.model.named_parameters()}

    def weights_are_finite(self):
        return all(bool(torch.isfinite(weight).all()) for weight in self.model.parameters())


def mark(tensor):
    """A number that tells a tensor from what it was before: the norm of its elements, 0 where there is none."""
    if tensor is None:
        return 0.0
    return torch.linalg.vector_norm(tensor.detach(), dtype=torch.float32).item()


MATRIX_DTYPES = {"f32": torch.float32, "tf32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}

# Columns of the matrices that are multiplied with a vector, as wide as a large model's.
READ_COLUMNS = 8192


class TorchArithmetic:
    """One pass of `copy`, `read` or `matmul` on tensors that lie on the device."""

    def __init__(self, framework, request, least_bytes):
        dtype = MATRIX_DTYPES.get(request["precision"])
        if dtype is None:
            raise Failure("support", "torch multiplies no matrices of %s" % request["precision"])
        torch.manual_seed(request["seed"])
        random = lambda *shape: torch.randn(*shape, device=framework.device).to(dtype)  # noqa: E731
        kind, width = request["kind"], torch.finfo(dtype).bits // 8
        self.pass_bytes = None
        self.source = None
        if kind == "copy":
            self.source = random(least_bytes // width)
            self.result = torch.empty_like(self.source)
            self.run = lambda: self.result.copy_(self.source)
            self.pass_bytes = 2 * self.source.numel() * width
        elif kind == "read":
            rows = -(-least_bytes // (READ_COLUMNS * width))
            matrix, vector = random(rows, READ_COLUMNS), random(READ_COLUMNS)
            self.result = torch.empty(rows, dtype=dtype, device=framework.device)
            self.run = lambda: torch.mv(matrix, vector, out=self.result)
            self.pass_bytes = matrix.numel() * width
        else:
            a, b = random(request["size"], request["size"]), random(request["size"], request["size"])
            self.result = torch.empty_like(a)
            self.run = lambda: torch.mm(a, b, out=self.result)

    def wipe(self):
        self.result.zero_()

    def flaw(self):
        """What is wrong with the result; None where nothing is."""
        if self.source is not None:
            return None if bool(torch.equal(self.result, self.source)) else "a copy that differs"
        if not bool(torch.isfinite(self.result).all()):
            return "products that are not finite"
        return "products that are all the same" if bool((self.result == self.result.flatten()[0]).all()) else None
