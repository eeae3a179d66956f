/** Modules that come with Python, of several versions; `test` is left out, because that folder is where projects keep theirs. */
const STANDARD = `
__future__ _abc _aix_support _ast _asyncio _bisect _blake2 _bootsubprocess _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022
_codecs_jp _codecs_kr _codecs_tw _collections _collections_abc _compat_pickle _compression _contextvars _crypt _csv _ctypes _curses
_curses_panel _datetime _dbm _decimal _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib _heapq _imp
_io _json _locale _lsprof _lzma _markupbase _md5 _msi _multibytecodec _multiprocessing _opcode _operator _osx_support _overlapped
_pickle _posixshmem _posixsubprocess _py_abc _pydecimal _pyio _queue _random _scproxy _sha1 _sha256 _sha3 _sha512 _signal
_sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct _symtable _thread _threading_local _tkinter
_tokenize _tracemalloc _typing _uuid _warnings _weakref _weakrefset _winapi _zoneinfo abc aifc annotationlib argparse array ast
asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code
codecs codeop collections colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes
curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp
fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http
idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap
marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator
optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats
pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets
select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants
sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib
tempfile termios textwrap threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types
typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp
zipfile zipimport zlib zoneinfo
`;

/** Packages that tests rely on in many projects that do not say so, because a system brings them. */
const COMMON = `
PIL aiohttp anyio assertpy attr attrs black bs4 celery cffi click coverage cryptography cv2 dateutil django dotenv faker fastapi flask
freezegun greenlet hamcrest httpx hypothesis iniconfig jinja2 jsonschema lxml markupsafe matplotlib mock mypy networkx nose nose2 numpy
packaging pandas parameterized pip pkg_resources pluggy psutil psycopg2 py pydantic pygments pytest _pytest pytest_asyncio pytest_cov
pytest_mock pytest_timeout redis regex requests requests_mock responses rich scipy setuptools simplejson six sklearn sqlalchemy starlette
sympy tomli toml torch tornado tox tqdm typing_extensions unittest2 urllib3 wheel xdist yaml
`;

const words = (text: string): string[] => text.trim().split(/\s+/);

const KNOWN: ReadonlySet<string> = new Set([...words(STANDARD), ...words(COMMON)]);

/** Distributions whose modules have other names. */
const IMPORTED_AS: Readonly<Record<string, string>> = {
  pyyaml: 'yaml',
  pillow: 'PIL',
  beautifulsoup4: 'bs4',
  'scikit-learn': 'sklearn',
  'opencv-python': 'cv2',
  'python-dateutil': 'dateutil',
  'python-dotenv': 'dotenv',
  protobuf: 'google',
  gitpython: 'git',
  'psycopg2-binary': 'psycopg2',
  pyjwt: 'jwt',
};

/** Names of modules that the requirements of a project bring: lines of `requirements.txt` or entries of `pyproject.toml`. */
export function requiredModules(requirements: readonly string[]): string[] {
  return requirements.flatMap((line) => {
    const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(line)?.[1]?.toLowerCase();
    if (name === undefined || name === 'python') return [];
    return [IMPORTED_AS[name] ?? name.replaceAll(/[-.]/g, '_')];
  });
}

/** Folders where a test run looks for modules first; `tests` are files of Python. */
export function importRoots(paths: readonly string[], tests: readonly string[]): ReadonlySet<string> {
  const packages = new Set(
    paths.filter((path) => /(?:^|\/)__init__\.py$/.test(path)).map((path) => folderOf(path)),
  );
  const roots = new Set(['', 'src', 'lib', 'python']);
  for (const test of tests) {
    let folder = folderOf(test);
    while (folder !== '' && packages.has(folder)) folder = folderOf(folder);
    roots.add(folder);
  }
  return roots;
}

/** Would Python load this new file in place of a module of its own or of a dependency (decisions X6)? */
export function shadowsModule(
  path: string,
  roots: ReadonlySet<string>,
  required: ReadonlySet<string>,
): boolean {
  if (!/\.(?:pyc?|pyd|so)$/.test(path)) return false;
  // A folder counts when it is a package; one that is not comes after all others.
  const module = path.replace(/(?:\/(?:__init__|__main__))?\.(?:pyc?|pyd|(?:[\w-]+\.)?so)$/, '');
  const name = module.slice(module.lastIndexOf('/') + 1);
  return roots.has(folderOf(module)) && (KNOWN.has(name) || required.has(name));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
