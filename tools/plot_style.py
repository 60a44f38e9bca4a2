"""How pictures look: a palette, sizes, and numbers as text."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# Okabe and Ito's palette, safe for colour-blind readers, without yellow, which is faint on white, and
# black, which stands for all networks.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
STYLE = {
    "figure.figsize": (5.6, 3.3),
    "figure.constrained_layout.use": True,
    "savefig.dpi": 200,
    "pdf.fonttype": 42,
    "font.size": 9,
    "mathtext.fontset": "stix",
    "font.family": "STIXGeneral",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": plt.cycler(color=COLOURS),
    "lines.linewidth": 1.2,
    "lines.markersize": 3,
    "legend.frameon": False,
    "legend.loc": "upper left",
}


def legend_outside(axes, **options):
    axes.legend(bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, **options)


def number_text(value):
    """Two digits, as mathematical text without dollars."""
    if 1e-3 <= value < 1e3:
        return f"{float(f'{value:.2g}'):g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    factor = "" if mantissa == "1.0" else rf"{mantissa} \times "
    return rf"{factor}10^{{{int(exponent)}}}"


def save(figure, stem):
    """Writes STEM.png and STEM.pdf and prints their paths."""
    for suffix in ("png", "pdf"):
        path = stem.with_name(f"{stem.name}.{suffix}")
        figure.savefig(path)
        print(path)
    plt.close(figure)
