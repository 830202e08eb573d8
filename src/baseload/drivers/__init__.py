"""What drives a result: how far each uncertain number moves an outcome, from the paths themselves.

No path is run again. Three answers are given for each input, because each is blind to something:

- the *rank correlation* says how steadily the outcome rises or falls with the input, whatever the
  size of single paths, and sees nothing where it rises and then falls;
- the *mean of the outcome* where the input is in its lowest and in its highest fifth says how far,
  in the outcome's own unit;
- the *share of variance* says how much of the spread would go away if the input were known: the
  first-order index of Sobol', estimated from given data by cutting the input into bins [1]_.

The binned index of an input that does nothing is not 0 but ``(bins - 1) / (paths - 1)``. Kelley's
correction [2]_ takes that off, so that it is 0 on average over all orders of the paths.

With many inputs some seem to matter by chance. An input *stands out* only where its rank
correlation, or the same share computed from the outcome's ranks (a test of Kruskal and Wallis
[3]_), lies beyond what the largest of as many idle inputs would reach in one study of twenty.

What an input explains includes what it shares with inputs that are correlated with it; then the
shares add up to more than they explain together. Correlated partners are named for that reason.
What no single input explains is due to inputs acting together and to events within a path.

References
----------
.. [1] Plischke, Borgonovo and Smith 2013, "Global sensitivity measures from given data",
   doi:10.1016/j.ejor.2012.11.047.
.. [2] Kelley 1935, "An unbiased correlation ratio measure", doi:10.1073/pnas.21.9.554.
.. [3] Kruskal and Wallis 1952, "Use of ranks in one-criterion variance analysis",
   doi:10.1080/01621459.1952.10483441.
"""

from baseload.drivers.judging import FALSE_ALARMS, LEAST_PATHS, what_drives
from baseload.drivers.results import Driver, Drivers, Side

__all__ = ["FALSE_ALARMS", "LEAST_PATHS", "Driver", "Drivers", "Side", "what_drives"]
