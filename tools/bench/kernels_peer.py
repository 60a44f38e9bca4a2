"""neural-tangents as a server for kernels.py: reads commands on standard input, one a line, and
answers each with one line, so that both programs can be measured in alternation.

usage: kernels_peer.py NAME ACTIVATION DEPTH SHAPE POINTS [THETA WIDTH]

POINTS are doubles, the points one after the other; a THETA that is named is written, the parameters
as ntkflow has them, and the kernel is the empirical one of a network of this width. On start all
settings are tried and the fastest is kept: "ready SETTING". Then "go": seconds of one evaluation;
"save FILE": the matrix, as doubles.
"""

import os
import sys
import time

os.environ |= {"JAX_ENABLE_X64": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "JAX_PLATFORMS": "cpu"}

import jax
import jax.numpy as jnp
import neural_tangents as nt
import numpy as np
from neural_tangents import stax

BATCHES = {"fc3": (500, 2000), "fc10": (1000, 2000), "tanh": (250,), "conv": (20, 50),
           "empirical": (250, 500)}


def activation(name):
    """tanh has no closed form: quadrature of the degree that the documentation takes."""
    return stax.Relu() if name == "relu" else stax.ElementwiseNumerical(jnp.tanh, deg=25)


def network(name, depth, is_image, width):
    affine = stax.Conv(width, (3, 3), padding="SAME") if is_image else stax.Dense(width)
    layers = [layer for _ in range(depth) for layer in (affine, activation(name))]
    return stax.serial(*layers, *([stax.Flatten()] if is_image else []), stax.Dense(1))


def save_parameters(parameters, path):
    """Ours are (outputs, inputs), theirs the transpose."""
    parts = [np.asarray(w[0]).T.ravel() for w in parameters if w]
    np.concatenate(parts).astype(np.float64).tofile(path)


def evaluations(case, net, points, theta_path):
    """{setting: a function that computes the matrix}"""
    init, apply, analytic = net
    if theta_path:
        _, parameters = init(jax.random.PRNGKey(0), (-1, points.shape[1]))
        save_parameters(parameters, theta_path)
        structured = nt.NtkImplementation.STRUCTURED_DERIVATIVES
        kernel = nt.empirical_ntk_fn(apply, trace_axes=(-1,), vmap_axes=0, implementation=structured)
        jitted, last = jax.jit(kernel), parameters
    else:
        jitted, last = jax.jit(analytic, static_argnums=2), "ntk"
    found = {"jit": lambda: jitted(points, None, last)}
    for size in BATCHES[case]:
        batch = nt.batch(jitted, batch_size=size)
        found[f"jit, nt.batch of {size}"] = lambda batch=batch: batch(points, None, last)
    return found


def seconds(evaluate):
    start = time.perf_counter()
    result = jax.block_until_ready(evaluate())
    return time.perf_counter() - start, result


def main():
    case, name, depth, shape, path, *theta = sys.argv[1:]
    extents = [int(extent) for extent in shape.split(",")]
    points = jnp.asarray(np.fromfile(path).reshape(-1, *extents))
    net = network(name, int(depth), len(extents) > 1, int(theta[1]) if theta else 1)
    settings = evaluations(case, net, points, theta[0] if theta else None)
    for evaluate in settings.values():
        seconds(evaluate)  # compiles
    best = min(settings, key=lambda setting: seconds(settings[setting])[0])
    print("ready", best, flush=True)
    result = None
    for line in sys.stdin:
        if line.startswith("save"):
            np.asarray(result).astype(np.float64).tofile(line.split()[1])
            print("saved", flush=True)
        else:
            spent, result = seconds(settings[best])
            print(spent, flush=True)


if __name__ == "__main__":
    main()
