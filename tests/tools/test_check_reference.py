"""tools/check_reference.py passes, fails and skips what it should, on a reference file of its own.

usage: test_check_reference.py NTKFLOW
"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

TOOL = Path(__file__).resolve().parents[2] / "tools/check_reference.py"
NTKFLOW = sys.argv.pop()


def spec(activation):
    affine = {"sigma_w": 1.0, "sigma_b": 0.0}
    layer = {"type": "fc", "act": activation, "fan": "channels"}
    return json.dumps({"layers": [layer | affine], "readout": {"type": "dense"} | affine})


def add_case(file, name, activation, datasets, **attributes):
    group = file.create_group(name)
    group.attrs.update({"family": "test", "spec": spec(activation), "tol_rel": 1e-10} | attributes)
    for path, values in datasets.items():
        group[path] = values


def relu_kernels(x):
    """NNGP and NTK of one hidden ReLU layer: Cho and Saul's arc-cosine kernels."""
    moment = x @ x.T / x.shape[1]
    norm = np.sqrt(np.outer(np.diag(moment), np.diag(moment)))
    cosine = moment / norm
    np.fill_diagonal(cosine, 1.0)
    angle = np.arccos(cosine)
    value = norm * (np.sin(angle) + (np.pi - angle) * cosine) / (2 * np.pi)
    return {"x": x, "nngp": value, "ntk": value + moment * (np.pi - angle) / (2 * np.pi)}


def tanh_network(x, w, v):
    """f and its Jacobian, parameters W row by row and then v."""
    activations = np.tanh(x @ w.T / np.sqrt(x.shape[1]))
    by_w = (v * (1 - activations**2))[:, :, None] * x[:, None, :] / np.sqrt(x.shape[1])
    jacobian = np.concatenate([by_w.reshape(len(x), -1), activations], axis=1) / np.sqrt(len(v))
    return activations @ v / np.sqrt(len(v)), jacobian


def tanh_case(x, random):
    """Values, kernels and loss gradients at two sets of weights, and three steps of descent."""
    width, (n, d) = 5, x.shape
    y = random.normal(size=n)
    case = {"x": x, "y": y}
    for index in "01":
        w, v = random.normal(size=(width, d)), random.normal(size=width)
        f, jacobian = tanh_network(x, w, v)
        gradient = jacobian.T @ (f - y) / n
        case |= {f"theta{index}/W1": w, f"theta{index}/v": v, f"f{index}": f,
                 f"K{index}": jacobian @ jacobian.T,
                 f"lossgrad{index}/W1": gradient[: w.size].reshape(w.shape),
                 f"lossgrad{index}/v": gradient[w.size :]}
    theta = np.concatenate([case["theta0/W1"].ravel(), case["theta0/v"]])
    values = []
    for _ in range(4):
        f, jacobian = tanh_network(x, theta[: width * d].reshape(width, d), theta[width * d :])
        values.append(f)
        theta = theta - 0.5 * jacobian.T @ (f - y) / n
    return case | {"gd_f": np.array(values)}


class CheckReference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        random = np.random.default_rng(1)
        x = random.normal(size=(5, 3))
        good = relu_kernels(x)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "reference.h5")
            with h5py.File(path, "w") as file:
                add_case(file, "analytic/good", "relu", good)
                add_case(file, "analytic/wrong", "relu", good | {"ntk": good["ntk"] * (1 + 1e-9)})
                add_case(file, "analytic/refused", "relu", good | {"x": np.full((5, 3), np.nan)})
                add_case(file, "analytic/unbuilt", "sawtooth", good)
                add_case(file, "empirical/good", "tanh", tanh_case(x, random),
                         widths="[5]", gd="three steps, eta=0.5, mean loss")
            command = [sys.executable, TOOL, path, "--ntkflow", NTKFLOW, "--ranks", "1,2"]
            cls.done = subprocess.run(command, capture_output=True, text=True)
        cls.lines = cls.done.stdout.splitlines()

    def assert_outcome(self, case, outcome, message=""):
        line = next(line for line in self.lines if case in line)
        self.assertTrue(line.startswith(outcome), line + self.done.stderr)
        self.assertIn(message, line)

    def test_right_values_pass(self):
        self.assert_outcome("analytic/good", "passed")
        self.assert_outcome("empirical/good", "passed")

    def test_a_wrong_value_fails(self):
        self.assert_outcome("analytic/wrong", "failed", "ntk ")

    def test_an_unknown_activation_fails(self):
        self.assert_outcome("analytic/unbuilt", "failed", "sawtooth")

    def test_any_other_refusal_fails(self):
        self.assert_outcome("analytic/refused", "failed", "exit 65")

    def test_closes_with_the_counts(self):
        self.assertEqual(self.lines[-1], "2 passed, 3 failed, 0 skipped")
        self.assertEqual(self.done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
