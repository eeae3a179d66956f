/**
 * Starts pytest without `python -m`, which would import a `pytest/` or `json.py` of the repository first (decisions X6), and
 * writes flat TAP to the report pipe. pytest runs tests in its own process, so code under test could write there too: a
 * second writer shows as wrong numbers, a patched one is what the canary is for.
 */
/** Shared start: the folder of the repository joins the path only after everything of ours was loaded. */
const imports = (modules: string): string => `
import os, sys
_here = os.getcwd()
sys.path[:] = [p for p in sys.path if p and os.path.abspath(p) != _here]
import json, ${modules}
sys.path.insert(0, _here)

def _names(parts):
    return json.dumps([str(p) for p in parts]).replace('#', '\\u0023')

def _put(text, _write=os.write):
    data = text.encode('utf-8', 'backslashreplace')
    while data:
        data = data[_write(3, data):]
`;

export const pytestLauncher =
  imports('pytest') +
  String.raw`
sys.argv[0] = 'pytest'

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

/** The same for unittest. Outcomes are told when a test stops, so that failing subtests make it fail as a whole. */
export const unittestLauncher =
  imports('unittest') +
  String.raw`
_put('TAP version 14\n')

class Result(unittest.TextTestResult):
    number = 0

    def _file(self, test):
        module = sys.modules.get(type(test).__module__)
        return getattr(module, '__file__', None) or type(test).__module__

    def startTest(self, test):
        self._outcome = None
        super().startTest(test)

    def _set(self, outcome):
        if self._outcome != 'failed':
            self._outcome = outcome

    def addSuccess(self, test):
        self._set('passed')
        super().addSuccess(test)

    def addFailure(self, test, err):
        self._set('failed')
        super().addFailure(test, err)

    def addError(self, test, err):
        if not isinstance(test, unittest.TestCase):
            _put('# file-error ' + _names([str(test).split(' ')[-1].strip('()'), str(err[1])[:300]]) + '\n')
        else:
            self._set('failed')
        super().addError(test, err)

    def addSkip(self, test, reason):
        if isinstance(test, unittest.TestCase):
            self._set('skipped')
        super().addSkip(test, reason)

    def addExpectedFailure(self, test, err):
        self._set('skipped')
        super().addExpectedFailure(test, err)

    def addUnexpectedSuccess(self, test):
        self._set('failed')
        super().addUnexpectedSuccess(test)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._set('failed')
        super().addSubTest(test, subtest, err)

    def stopTest(self, test):
        super().stopTest(test)
        if type(test).__name__ == '_FailedTest':
            name = test.id().split('_FailedTest.')[-1]
            file = name.replace('.', '/') + '.py'
            for place in [_here, *sys.path]:
                if os.path.exists(os.path.join(place, file)):
                    name = os.path.join(place, file)
                    break
            _put('# file-error ' + _names([name, 'It could not be loaded.']) + '\n')
            return
        type(self).number += 1
        outcome = self._outcome or 'failed'
        head = 'not ok' if outcome == 'failed' else 'ok'
        tail = ' # SKIP' if outcome == 'skipped' else ''
        names = [self._file(test), *test.id().split('.')[-2:]]
        _put('%s %d - %s%s\n' % (head, type(self).number, _names(names), tail))

class Runner(unittest.TextTestRunner):
    resultclass = Result

    def run(self, test):
        result = super().run(test)
        _put('1..%d\n' % Result.number)
        return result

unittest.main(module=None, argv=['python -m unittest', *sys.argv[1:]], testRunner=Runner)
`;
