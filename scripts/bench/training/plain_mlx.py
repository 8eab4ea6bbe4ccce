"""A training step as one writes it in plain MLX. Arguments: JSON of shape, sequence, batch, precision, steps, device."""

import json, os, sys, time

os.environ["MLX_ENABLE_TF32"] = "0"
import mlx.core as mx, mlx.nn as nn, mlx.optimizers as optim
from mlx.utils import tree_flatten, tree_map

a = json.loads(sys.argv[1])
s = a["shape"]
mx.set_default_device(mx.cpu if a["device"] == "cpu" else mx.gpu)
mx.random.seed(1)
E, H, K, D, N = s["n_embd"], s["n_heads"], s["n_kv_heads"], s["head_size"], a["sequence"]


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.RMSNorm(E, s["norm_epsilon"]), nn.RMSNorm(E, s["norm_epsilon"])
        self.q, self.k, self.v = (nn.Linear(E, n * D, bias=False) for n in (H, K, K))
        self.o, self.rope = nn.Linear(H * D, E, bias=False), nn.RoPE(D, base=s["freq_base"])
        self.gate, self.up = nn.Linear(E, s["n_ff"], bias=False), nn.Linear(E, s["n_ff"], bias=False)
        self.down = nn.Linear(s["n_ff"], E, bias=False)

    def __call__(self, x):
        y = self.n1(x)
        q, k, v = (f(y).reshape(len(x), N, -1, D).swapaxes(1, 2) for f in (self.q, self.k, self.v))
        y = mx.fast.scaled_dot_product_attention(self.rope(q), self.rope(k), v, scale=D**-0.5, mask="causal")
        x = x + self.o(y.swapaxes(1, 2).reshape(len(x), N, H * D))
        y = self.n2(x)
        return x + self.down(nn.silu(self.gate(y)) * self.up(y))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.layers = nn.Embedding(s["n_vocab"], E), [Layer() for _ in range(s["n_layers"])]
        self.norm = nn.RMSNorm(E, s["norm_epsilon"])
        self.head = None if s["tied_embeddings"] else nn.Linear(E, s["n_vocab"], bias=False)

    def __call__(self, x):
        x = self.embed(x)
        for layer in self.layers:
            x = layer(x)
        return self.embed.as_linear(self.norm(x)) if self.head is None else self.head(self.norm(x))


model, cast = Model(), Model()
model.update(tree_map(lambda w: mx.random.normal(w.shape, scale=0.02) if w.ndim > 1 else w, model.parameters()))
opt = optim.AdamW(3e-4, betas=[0.9, 0.95], weight_decay=0.1, bias_correction=True)
dtype = {"bf16": mx.bfloat16, "f16": mx.float16}.get(a["precision"])
scale = 65536.0 if a["precision"] == "f16" else 1.0
tokens = mx.random.randint(0, s["n_vocab"], (a["batch"], N + 1))


def loss_fn(x, y):
    net = model
    if dtype is not None:
        cast.update(tree_map(lambda w: w.astype(dtype), model.parameters()))
        net = cast
    return nn.losses.cross_entropy(net(x).astype(mx.float32), y, reduction="mean") * scale


loss_and_grad = nn.value_and_grad(model, loss_fn)
mx.eval(model.parameters(), tokens)
times = []
for _ in range(a["steps"]):
    began = time.perf_counter_ns()
    loss, grads = loss_and_grad(tokens[:, :-1], tokens[:, 1:])
    if scale != 1.0:
        grads = tree_map(lambda g: g / scale, grads)
        if not mx.all(mx.stack([mx.all(mx.isfinite(g)) for _, g in tree_flatten(grads)])).item():
            continue
    opt.update(model, grads)
    mx.eval(loss, model.parameters(), opt.state)
    times.append(time.perf_counter_ns() - began)
print(json.dumps({"samples_ns": times, "loss": loss.item() / scale}))
