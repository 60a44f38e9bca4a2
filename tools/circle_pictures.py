"""Pictures that need points on a circle: the learned function, eigenfunctions, local frequencies."""

import numpy as np

from ntkflow_archive import scaled_times
from plot_style import COLOURS, legend_outside, number_text, plt


def spread_in_time(times, count):
    """About `count` snapshots, evenly in log t, from 0.1 on: before, hardly anything moves."""
    later = np.flatnonzero(times > 0)
    first, last = times[later[[0, -1]]]
    wanted = np.geomspace(min(max(first, 0.1), last), last, count)
    return np.unique([later[np.argmin(abs(np.log(times[later] / t)))] for t in wanted])


def circle_angles(points):
    """The points' angles, or None when they are not on a circle around 0."""
    radius = np.linalg.norm(points, axis=1)
    if points.shape[1] != 2 or np.ptp(radius) > 1e-9 * radius.max():
        return None
    return np.arctan2(points[:, 1], points[:, 0])


def label_angle(axes):
    axes.set(xlabel="angle $x$ (rad)", xlim=(-np.pi, np.pi))
    axes.set_xticks(np.pi * np.array([-1, -0.5, 0, 0.5, 1]),
                    [r"$-\pi$", r"$-\pi/2$", "0", r"$\pi/2$", r"$\pi$"])


def draw_function(archive):
    """The learned function f(x; theta_t) = r_t + f* on the circle."""
    angles = circle_angles(archive.read("points/reference"))
    train_angles = circle_angles(archive.read("points/train"))
    if angles is None or train_angles is None:
        return None
    order = np.argsort(angles)
    x, target = angles[order], archive.read("target/reference")[order]
    times = scaled_times(archive)
    rows = spread_in_time(times, 6)
    shades = plt.get_cmap("viridis")(np.linspace(0.9, 0.1, len(rows)))

    figure, axes = plt.subplots()
    for row, shade in zip(rows, shades):
        residual = archive.read_snapshots("trajectory/reference_residual", row)[order]
        label = rf"$\sigma_1 t = {number_text(times[row])}$"
        axes.plot(x, target + residual, color=shade, label=label)
    axes.plot(x, target, "k--", label="target $f^*$")
    axes.plot(train_angles, np.full_like(train_angles, 0.03), "|", color="0.4", markersize=6,
              markeredgewidth=0.4, transform=axes.get_xaxis_transform(), label="training points")
    axes.set(ylabel=r"$f(x;\theta_t)$")
    label_angle(axes)
    legend_outside(axes)
    return figure


def draw_eigenfunctions(archive):
    """A few eigenfunctions of the integral operator over the angle, from the first to the last."""
    angles = circle_angles(archive.read("points/reference"))
    if angles is None or not archive.has("spectrum/analytic/eigenfunction"):
        return None
    order = np.argsort(angles)
    phi = archive.read("spectrum/analytic/eigenfunction")[order]
    shown = np.unique(np.geomspace(2, phi.shape[1], 4).round().astype(int)) - 1

    figure, rows = plt.subplots(len(shown), sharex=True, squeeze=False,
                                figsize=(5.6, 1.1 * len(shown) + 0.4))
    for axes, i in zip(rows[:, 0], shown):
        axes.plot(angles[order], phi[:, i], color=COLOURS[0])
        axes.set(ylabel=rf"$\phi_{{{i + 1}}}$")
    label_angle(rows[-1, 0])
    return figure


def draw_frequencies(archive):
    """Local frequencies of the eigenfunctions on each arc, beside q sqrt(p_j) / Z."""
    if not archive.has("spectrum/analytic/local_frequency"):
        return None
    measured, expected = (archive.read(f"spectrum/{of}/local_frequency")
                          for of in ("analytic", "approximation"))

    q = np.arange(1, len(measured) + 1) // 2  # eigenfunctions 2q and 2q + 1 oscillate alike

    figure, axes = plt.subplots()
    for arc, colour in zip(range(measured.shape[1]), COLOURS):
        axes.plot(q, measured[:, arc], "o", mfc="none", color=colour, label=f"arc {arc + 1}")
        axes.plot(q, expected[q, arc], "--", color=colour)
    axes.plot([], [], "ko", mfc="none", label=r"of $\phi_{2q}$, $\phi_{2q+1}$")
    axes.plot([], [], "k--", label=r"$q \sqrt{p_j} / Z$")
    axes.set(xlabel="$q$", ylabel="local frequency")
    axes.xaxis.get_major_locator().set_params(integer=True)
    legend_outside(axes)
    return figure
