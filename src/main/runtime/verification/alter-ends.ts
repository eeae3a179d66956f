/**
 * A copy of a script in which every way out is a failure, for scripts in which nothing is found that they compare: whatever they
 * judge, they cannot pass now, unless something else ends them. `null`: other code ends such a script, so this cannot be made.
 */
export function failAtEveryEnd(path: string, text: string): string | null {
  const code = text.replace(/\n*$/, '\n');
  if (/\.(?:sh|bash|zsh)$/.test(path) || /^#!\s*\S*?(?:\/env\s+)?(?:ba|da|z|k)?sh\b/.test(text))
    return /(?:^|[\s;&|])exec\s+(?![\d<>&{])/m.test(code)
      ? null
      : `${code.replace(/(?<=^|[\s;&|{'"])exit(?:[ \t]+[\w"$?{}]+)?(?=[\s;&|}'"]|$)/gm, 'exit 97')}\nexit 97\n`;
  if (/\.[cm]?[jt]sx?$/.test(path))
    return `${code.replace(/\bprocess\.exit\s*\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)/g, 'process.exit(97)')}\nprocess.exit(97);\n`;
  if (/\.(?:pl|t)$/.test(path)) {
    const [body = '', ...rest] = code.split(/^(?=__(?:END|DATA)__$)/m);
    return `${body.replace(/(?<![\w$@%>-])exit\b(?:\s*\(?[\w$!?: ]*\)?)(?=\s*(?:[;}]|if\b|unless\b))/g, 'exit 97 ')}\nexit 97;\n${rest.join('')}`;
  }
  return null;
}
