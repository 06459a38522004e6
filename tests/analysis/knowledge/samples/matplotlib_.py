"""Figures, axes, and pyplot."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

SETUP = """
import matplotlib
matplotlib.use('agg')
import matplotlib.pyplot as plt
import numpy as np
xs = np.array([1.0, 2.0, 3.0])
ys = np.array([4.0, 6.0, 5.0])
image = np.array([[1.0, 2.0], [3.0, 4.0]])
labels = ['p', 'q', 'r']
"""
DRAWING = """
    plot scatter bar barh step errorbar fill stem stairs loglog semilogx semilogy vlines hlines: xs, ys | xs, ys, 1.0
    hist boxplot violinplot pie hist2d acorr eventplot ecdf: xs | xs, ys
    fill_between fill_betweenx: xs, ys
    imshow matshow pcolormesh contour contourf pcolor spy: image
    axhline axvline: 1.0
    axhspan axvspan: 1.0, 2.0
    text: 1, 1, 'a'
    annotate: 'a', (1, 1)
    grid legend margins autoscale minorticks_on minorticks_off cla clf: | True
    colorbar: plt.imshow(image)
"""

FAMILY = Family(
    name="matplotlib",
    library="matplotlib",
    slow=True,
    samples=(
        Sample(
            owner="matplotlib.axes.Axes",
            setup=SETUP,
            make="plt.subplots()[1]",
            calls=table(
                DRAWING
                + """
                set_title set_xlabel set_ylabel: 'a'
                set_xlim set_ylim: 0, 9
                set_xticks set_yticks: xs
                set_xticklabels set_yticklabels: []
                set: title='a'
                tick_params: labelsize=5
                set_aspect: 'equal'
                set_facecolor: 'red'
                set_xscale set_yscale: 'log'
                axis: 'off'
                twinx twiny invert_xaxis invert_yaxis get_figure get_xlim get_title:
                """
            ),
            only=True,
        ),
        Sample(
            owner="matplotlib.figure.Figure",
            setup=SETUP,
            make="plt.figure()",
            calls=table("""
                add_subplot: 1, 1, 1
                add_axes: [0, 0, 1, 1]
                subplots suptitle: | 'a'
                gca get_axes tight_layout clf autofmt_xdate:
                subplots_adjust: left=0.3
                set_size_inches: 3, 3
                text: 0, 0, 'a'
                colorbar: plt.imshow(image)
            """),
            only=True,
        ),
        Sample(
            owner="matplotlib.pyplot",
            module=True,
            setup=SETUP + "x = plt\n",
            calls=table(
                DRAWING
                + """
                figure gcf gca subplots axes: | figsize=(3, 3)
                subplot: 1, 1, 1
                title xlabel ylabel suptitle: 'a'
                xlim ylim: 0, 9
                show close clf tight_layout:
                rc: 'lines', linewidth=7
                rcdefaults:
                set_cmap: 'gray'
                xticks yticks: xs
            """
            ),
            only=True,
        ),
        Sample(
            owner="matplotlib.pyplot.style",
            module=True,
            setup=SETUP + "x = plt.style\n",
            calls=table("use: 'ggplot'\ncontext: 'ggplot'"),
            only=True,
        ),
    ),
)
