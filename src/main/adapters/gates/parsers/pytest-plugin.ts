/**
 * Starts pytest without `python -m`, which would import a `pytest/` or `json.py` of the repository first (decisions X6), and
 * writes flat TAP to the report pipe. pytest runs tests in its own process, so code under test could write there too: a
 * second writer shows as wrong numbers, a patched one is what the canary is for.
 */
export const pytestLauncher = String.raw`
import os, sys
_here = os.getcwd()
sys.path[:] = [p for p in sys.path if p and os.path.abspath(p) != _here]
import json, pytest
sys.path.insert(0, _here)
sys.argv[0] = 'pytest'

def _names(parts):
    return json.dumps([str(p) for p in parts]).replace('#', '\\u0023')

def _put(text, _write=os.write):
    data = text.encode('utf-8', 'backslashreplace')
    while data:
        data = data[_write(3, data):]

class Report:
    def __init__(self):
        self.number = 0
        self.done = {}
        _put('TAP version 14\n')

    def pytest_configure(self, config):
        self.root = str(config.rootpath)

    def where(self, nodeid):
        file, *names = nodeid.split('::')
        return [os.path.normpath(os.path.join(self.root, file or '.')), *names]

    def pytest_collectreport(self, report):
        if report.failed:
            text = str(report.longrepr).strip().split('\n')[-1] if report.longrepr else 'failed'
            _put('# file-error ' + _names([self.where(report.nodeid)[0], text[:300]]) + '\n')

    def pytest_runtest_logreport(self, report):
        xfail = hasattr(report, 'wasxfail')
        if report.when == 'call':
            self.done[report.nodeid] = 'skipped' if report.skipped or xfail else report.outcome
        elif report.failed:
            self.done[report.nodeid] = 'failed'
        elif report.skipped:
            self.done.setdefault(report.nodeid, 'skipped')
        if report.when == 'teardown':
            outcome = self.done.pop(report.nodeid, 'failed')
            self.number += 1
            parts = self.where(report.nodeid)
            head = 'not ok' if outcome == 'failed' else 'ok'
            tail = ' # SKIP' if outcome == 'skipped' else ''
            _put('%s %d - %s%s\n' % (head, self.number, _names(parts), tail))

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self):
        _put('1..%d\n' % self.number)

raise SystemExit(pytest.main(sys.argv[1:], plugins=[Report()]))
`;
