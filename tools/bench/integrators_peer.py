#!/usr/bin/env python3
"""Full-batch gradient descent in JAX, float64, jitted, the whole descent one loop: what
integrators.py compares wall times with. Runs in the virtual environment of requirements.txt.

usage: integrators_peer.py PROBLEM.npz (x, y, widths, theta, relu, step, steps)
Prints the seconds of the descent after warm-up, and writes the residual at its end beside the
problem, as residual.npy.
"""

import sys
import time
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402


def split(theta, widths):
    """The matrices of one half, as ntkflow orders theta."""
    weights, at = [], 0
    for below, above in zip(widths, widths[1:]):
        weights.append(jnp.asarray(theta[at:at + above * below].reshape(above, below)))
        at += above * below
    return weights


def main():
    problem = np.load(sys.argv[1])
    x, y = jnp.asarray(problem["x"].T), jnp.asarray(problem["y"])
    widths = [int(width) for width in problem["widths"]]
    step, steps = float(problem["step"]), int(problem["steps"])
    activation = jax.nn.relu if problem["relu"] else jnp.tanh

    def network(weights):
        a = x
        for w in weights[:-1]:
            a = activation(w @ a / np.sqrt(w.shape[1]))
        return (weights[-1] @ a)[0] / np.sqrt(weights[-1].shape[1])

    def residual(theta):
        return (network(theta[0]) - network(theta[1])) / np.sqrt(2) - y

    gradient = jax.grad(lambda theta: 0.5 * jnp.mean(residual(theta) ** 2))

    @jax.jit
    def descend(theta, count):
        def one(_, at):
            return jax.tree_util.tree_map(lambda w, g: w - step * g, at, gradient(at))
        return jax.lax.fori_loop(0, count, one, theta)

    start = [split(half, widths) for half in np.split(problem["theta"], 2)]
    jax.block_until_ready(descend(start, 2))
    began = time.perf_counter()
    end = jax.block_until_ready(descend(start, steps))
    print(time.perf_counter() - began)
    np.save(Path(sys.argv[1]).with_name("residual.npy"), np.asarray(residual(end)))


if __name__ == "__main__":
    main()
