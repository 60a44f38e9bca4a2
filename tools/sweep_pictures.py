"""Pictures of a sweep: numbers over a key or over a number, and bands over the seeds."""

import numpy as np

from fit_slopes import fit_samples, group_by
from ntkflow_archive import BAD_DATA, ArchiveError, eigenspace_norms, scaled_times
from plot_style import COLOURS, legend_outside, plt, save
from quantities import label_of, measure_members

BAND = (0.1, 0.5, 0.9)  # quantiles over seeds: the band's edges and the line
STYLES = ["o-", "s--", "^:", "D-.", "v-", "<--"]
FAVOURITES = ["bound_eps_2_max", "reference_norm_final", "train_norm_final"]


# ---- numbers over a key -------------------------------------------------------------------------

def varying_keys(sweep):
    """Keys with more than one value, but the seed."""
    return [key for key in sweep.keys if key != "seed" and len(set(sweep.key(key))) > 1]


def series_of(sweep, over, quantity):
    """Lines of a picture: the values of the other keys as text, and each one's members (x, y)."""
    axis = np.asarray(sweep.key(over) if over in sweep.keys else measure_members(sweep, over))
    if axis.dtype.kind != "f":
        raise ArchiveError(BAD_DATA, f"{sweep.path}: {over} is not a number at every member")
    numbers = measure_members(sweep, quantity)
    others = [key for key in varying_keys(sweep) if key != over
              and not tied(sweep.key(key), axis)]
    texts = [", ".join(f"{key.split('.')[-1]} = {entry_text(value)}" for key, value in zip(others, row))
             for row in zip(*(sweep.key(key) for key in others))] or [""] * len(axis)
    for text in dict.fromkeys(texts):
        chosen = np.isfinite(numbers) & np.array([other == text for other in texts])
        if chosen.any():
            yield text, axis[chosen], numbers[chosen]


def tied(values, axis):
    """Whether a key changes together with the axis, each value with one of the other's."""
    pairs = set(zip(values, axis))
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def entry_text(value):
    return f"{value:g}" if isinstance(value, float) else value


def draw_slopes(sweep, over, quantities):
    """Median and 10 to 90 % band over seeds of each number, in log-log scale, with its slope."""
    figure, axes = plt.subplots()
    for number, quantity in enumerate(quantities):
        for line, (text, x, y) in enumerate(series_of(sweep, over, quantity)):
            colour = COLOURS[(number if len(quantities) > 1 else line) % len(COLOURS)]
            values, samples = group_by(x, y)
            low, middle, high = np.transpose([np.quantile(s, BAND) for s in samples])
            name = label_of(quantity) if len(quantities) > 1 else ""
            label = "\n".join(filter(None, [", ".join(filter(None, [name, text])),
                                            slope_text(values, samples)]))
            axes.plot(values, middle, STYLES[line % len(STYLES)], color=colour, label=label)
            axes.fill_between(values, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.set(xscale="log", yscale="log", xlabel=label_of(over),
             ylabel=label_of(quantities[0]) if len(quantities) == 1 else "")
    if over in sweep.keys and len(set(sweep.key(over))) <= 8:
        ticks = sorted(set(sweep.key(over)))
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    legend_outside(axes, labelspacing=0.8)
    return figure


def slope_text(values, samples):
    if len(values) < 3 or min(np.median(s) for s in samples) <= 0:
        return ""
    _, exponent, (low, high) = fit_samples(values, samples, 0.5)
    return f"slope {exponent:.2f} [{low:.2f}, {high:.2f}]"


# ---- numbers over a number ----------------------------------------------------------------------

def is_scattered(sweep, over):
    """Whether `over` is a result that nearly every member has a value of its own of."""
    return over not in sweep.keys and 2 * len(set(measure_members(sweep, over))) > len(sweep.names)


def draw_points(sweep, over, quantity):
    """A point a member: colours tell the first of the sweep's keys, markers the second."""
    x, y = measure_members(sweep, over), measure_members(sweep, quantity)
    keys = varying_keys(sweep)[:2]
    columns = [sweep.key(key) for key in keys]
    members = list(zip(*columns))
    colours, markers = [sorted(set(column)) for column in columns] + [[None]] * (2 - len(keys))
    figure, axes = plt.subplots()
    for i, colour in enumerate(colours):
        for j, marker in enumerate(markers):
            chosen = [member == (colour, marker)[:len(keys)] for member in members]
            axes.plot(x[chosen], y[chosen], STYLES[j % len(STYLES)][0], markersize=4,
                      color=COLOURS[i % len(COLOURS)])
    for key, values, is_colour in zip(keys, (colours, markers), (True, False)):
        for number, value in enumerate(values):
            axes.plot([], [], "o" if is_colour else STYLES[number][0], markersize=4,
                      color=COLOURS[number % len(COLOURS)] if is_colour else "grey",
                      label=f"{label_of(key)} = {entry_text(value)}")
    axes.set(yscale="log", xlabel=label_of(over), ylabel=label_of(quantity))
    legend_outside(axes)
    return figure


# ---- bands over seeds ---------------------------------------------------------------------------

def completed(sweep):
    """Archives of the members whose keys, but the seed, are those of the first that is complete."""
    rows = [tuple(sweep.key(key)[member] for key in varying_keys(sweep))
            for member in range(len(sweep.names))]
    done = [member for member, status in enumerate(sweep.status) if status == "completed"]
    if not done:
        raise ArchiveError(BAD_DATA, f"{sweep.path}: no member is complete yet")
    return [sweep.archive(member) for member in done if rows[member] == rows[done[0]]]


def draw_spectra(archives):
    """sigma_i / sigma_1 of each member: median and band over the seeds."""
    spectra = [archive.eigenpairs("analytic")[0] for archive in archives]
    count = min(map(len, spectra))
    low, middle, high = np.quantile([s[:count] / s[0] for s in spectra], BAND, axis=0)
    index = np.arange(1, count + 1)

    figure, axes = plt.subplots()
    axes.plot(index, middle, color=COLOURS[0], label=f"median of {len(spectra)} seeds")
    axes.fill_between(index, low, high, color=COLOURS[0], alpha=0.25, linewidth=0,
                      label="10 to 90 %")
    axes.set(xscale="log", yscale="log", xlabel="index $i$", ylabel=r"$\sigma_i/\sigma_1$")
    legend_outside(axes)
    return figure


def components(archive, spaces):
    """sigma_1 t after 0, and norms of the projections there on eigenspaces: measured, and the law.
    Shape: (T), (T, spaces), (T, spaces), relative to ||r_0||."""
    _, eigenspace = archive.eigenpairs("analytic")
    start = archive.read_snapshots("snapshot/reference_norm", 0)
    both = [eigenspace_norms(archive.read_snapshots(f"trajectory/{name}"), eigenspace)
            for name in ("projection", "ideal_projection")]
    return scaled_times(archive)[1:], *(norms[1:, spaces] / start for norms in both)


def draw_bands(archives):
    """Projections on the eigenspaces where the residual starts largest, against the law."""
    first = archives[0]
    _, eigenspace = first.eigenpairs("analytic")
    initial = eigenspace_norms(first.read_snapshots("trajectory/projection")[:1], eigenspace)[0]
    spaces = np.sort(np.argsort(-initial)[: min(5, np.sum(initial > 0.01 * initial.max()))])
    parts = [components(archive, spaces) for archive in archives]
    times = parts[0][0]
    at_times = [[np.exp([np.interp(np.log(times), np.log(part[0]), np.log(norms + 1e-300))
                         for norms in part[kind].T]) for part in parts] for kind in (1, 2)]
    bands, law = np.quantile(at_times[0], BAND, axis=0), np.median(at_times[1], axis=0)

    figure, axes = plt.subplots()
    for line, (space, colour) in enumerate(zip(spaces, COLOURS)):
        members = np.flatnonzero(eigenspace == space) + 1
        name = str(members[0]) if len(members) == 1 else f"{members[0]}\\ldots {members[-1]}"
        axes.plot(times, bands[1, line], color=colour, label=f"$i = {name}$")
        axes.fill_between(times, bands[0, line], bands[2, line], color=colour, alpha=0.25,
                          linewidth=0)
        axes.plot(times, law[line], "--", color=colour)
    axes.plot([], [], "k-", label=f"network, median\nand 10 to 90 % of\n{len(archives)} seeds")
    axes.plot([], [], "k--", label=r"$\exp(-\sigma_i t)$")
    top = bands[2].max()
    axes.set(xscale="log", yscale="log", ylim=(1e-3 * top, 2 * top), xlim=(times[0], times[-1]),
             xlabel=r"$\sigma_1 t$", ylabel=r"$\Vert\langle r_t,\phi_i\rangle\Vert/\Vert r_0\Vert$")
    legend_outside(axes)
    return figure


# ---- all of a sweep -----------------------------------------------------------------------------

def draw_sweep(sweep, folder, over=None, quantities=None):
    """Writes what fits the sweep, or the quantities over a key that were asked for."""
    stem = folder / sweep.path.resolve().parent.name
    over = over or next((key for key in varying_keys(sweep)
                         if np.asarray(sweep.key(key)).dtype.kind == "f"), None)
    quantities = quantities or [name for name in FAVOURITES if name in sweep.results][:1]
    if over and quantities and is_scattered(sweep, over):
        save(draw_points(sweep, over, quantities[0]), stem.with_name(f"{stem.name}_points"))
        return
    if over and quantities:
        save(draw_slopes(sweep, over, quantities), stem.with_name(f"{stem.name}_slopes"))
        return
    archives = completed(sweep)
    draw = draw_bands if archives[0].has("trajectory/projection") else draw_spectra
    save(draw(archives), stem.with_name(f"{stem.name}_bands"))
