"""How much the gate catches and cuts, of sources that it was not tuned on: floors that rise freely."""

import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

# Asked of it: nine in ten planted errors caught, one true sentence in twenty cut. Measured: 0.966 and 0.024.
MIN_CAUGHT = 0.94
MAX_CUT = 0.05
# Of 857 true and 816 false claims that people wrote, without a verifier: 302 and 22 kept.
MIN_CLAIMS_KEPT = 290
MAX_CLAIMS_KEPT = 30


def test_planted_errors_are_caught_and_what_is_true_is_kept(shared_data: Path) -> None:
    command = [sys.executable, ROOT / "bench" / "gate", "--data", shared_data, "--half", "test"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    caught, planted = map(int, re.findall(r"caught (\d+)/(\d+)", said)[0])
    cut, true = map(int, re.findall(r"cut (\d+)/(\d+)", said)[0])
    assert (planted, true >= 400) == (500, True)
    assert caught >= MIN_CAUGHT * planted, said
    assert cut <= MAX_CUT * true, said
    kept, false = re.findall(r"fever: true kept (\d+)/857, false kept (\d+)/816", said)[0]
    assert int(kept) >= MIN_CLAIMS_KEPT and int(false) <= MAX_CLAIMS_KEPT, said
