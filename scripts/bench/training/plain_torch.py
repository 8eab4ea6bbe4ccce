"""A training step as one writes it in plain PyTorch. Arguments: JSON of shape, sequence, batch, precision, threads, steps, device."""

import json, sys, time, torch, torch.nn as nn, torch.nn.functional as F

a = json.loads(sys.argv[1])
s, dev = a["shape"], a["device"]
torch.manual_seed(1)
if dev == "cpu":
    torch.set_num_threads(a["threads"])
sync = {"cuda": torch.cuda.synchronize, "mps": torch.mps.synchronize}.get(dev, lambda: None)
E, H, K, D, N = s["n_embd"], s["n_heads"], s["n_kv_heads"], s["head_size"], a["sequence"]
angle = torch.outer(torch.arange(N), s["freq_base"] ** (-torch.arange(0, D, 2) / D)).repeat(1, 2).to(dev)
cos, sin = angle.cos(), angle.sin()
rope = lambda x: x * cos + torch.cat((-x[..., D // 2 :], x[..., : D // 2]), -1) * sin


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.RMSNorm(E, s["norm_epsilon"]), nn.RMSNorm(E, s["norm_epsilon"])
        self.q, self.k, self.v = (nn.Linear(E, n * D, bias=False) for n in (H, K, K))
        self.o = nn.Linear(H * D, E, bias=False)
        self.gate, self.up = nn.Linear(E, s["n_ff"], bias=False), nn.Linear(E, s["n_ff"], bias=False)
        self.down = nn.Linear(s["n_ff"], E, bias=False)

    def forward(self, x):
        y = self.n1(x)
        q, k, v = (f(y).view(len(x), N, -1, D).transpose(1, 2) for f in (self.q, self.k, self.v))
        y = F.scaled_dot_product_attention(rope(q).to(v.dtype), rope(k).to(v.dtype), v, is_causal=True, enable_gqa=H != K)
        x = x + self.o(y.transpose(1, 2).flatten(2))
        y = self.n2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


head = nn.Linear(E, s["n_vocab"], bias=False)
model = nn.Sequential(nn.Embedding(s["n_vocab"], E), *(Layer() for _ in range(s["n_layers"])), nn.RMSNorm(E, s["norm_epsilon"]), head).to(dev)
if s["tied_embeddings"]:
    head.weight = model[0].weight
for w in model.parameters():
    if w.dim() > 1:
        nn.init.normal_(w, std=0.02)
opt = torch.optim.AdamW(model.parameters(), lr=3e-4, betas=(0.9, 0.95), weight_decay=0.1)
dtype = {"bf16": torch.bfloat16, "f16": torch.float16}.get(a["precision"])
scaler = torch.amp.GradScaler(dev, enabled=a["precision"] == "f16")
torch.set_float32_matmul_precision("high" if a["precision"] == "tf32" else "highest")
tokens = torch.randint(s["n_vocab"], (a["batch"], N + 1), device=dev)
times = []
for _ in range(a["steps"]):
    sync()
    began = time.perf_counter_ns()
    opt.zero_grad()
    with torch.autocast(dev, dtype, enabled=dtype is not None):
        loss = F.cross_entropy(model(tokens[:, :-1]).flatten(0, 1), tokens[:, 1:].flatten())
    scaler.scale(loss).backward()
    scaler.step(opt)
    scaler.update()
    sync()
    times.append(time.perf_counter_ns() - began)
print(json.dumps({"samples_ns": times, "loss": loss.item()}))
