import type { IParser } from '@xterm/headless';

const VERSION = '0.1.0';
/** Names asked for in one XTGETTCAP. */
const NAMES_LIMIT = 64;
/** A picture's sides, as told to who asks (XTSMGRAPHICS); Pictures.ts bounds them by bytes too. */
const PICTURE_SIDE = 4096;

/** What XTGETTCAP is answered: terminfo's xterm-256color where programs ask for it, and what it lacks. */
const capabilities = new Map<string, string>([
  ['TN', 'xterm-256color'],
  ['name', 'xterm-256color'],
  ['Co', '256'],
  ['colors', '256'],
  ['RGB', '8/8/8'],
  ['Tc', ''],
  ['Su', ''],
  ['Smulx', '\\E[4:%p1%dm'],
  ['Setulc', '\\E[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m'],
  ['setrgbf', '\\E[38:2:%p1%d:%p2%d:%p3%dm'],
  ['setrgbb', '\\E[48:2:%p1%d:%p2%d:%p3%dm'],
  ['Ss', '\\E[%p1%d q'],
  ['Se', '\\E[2 q'],
  ['Ms', '\\E]52;%p1%s;%p2%s\\E\\\\'],
  ['BE', '\\E[?2004h'],
  ['BD', '\\E[?2004l'],
  ['PS', '\\E[200~'],
  ['PE', '\\E[201~'],
  ['XR', '\\E[>0q'],
  ['kitty-query-name', 'switchyard'],
]);

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex').toUpperCase();

/** Who this terminal is and what it can do: DA1, DA2, DA3, XTVERSION, XTGETTCAP, XTSMGRAPHICS. It says nothing that is not so. */
export function registerIdentity(parser: IParser, answer: (text: string) => void): void {
  const isFirst = (parameters: readonly (number | number[])[]) =>
    parameters.length === 0 || parameters[0] === 0;
  // A VT220 with sixel (4), ANSI colours (22) and a clipboard (52).
  parser.registerCsiHandler({ final: 'c' }, (parameters) => {
    if (isFirst(parameters)) answer('\x1b[?62;4;22;52c');
    return true;
  });
  // … of xterm's features at patch level 276, by which vim and others know what else they may use.
  parser.registerCsiHandler({ prefix: '>', final: 'c' }, (parameters) => {
    if (isFirst(parameters)) answer('\x1b[>41;276;0c');
    return true;
  });
  parser.registerCsiHandler({ prefix: '=', final: 'c' }, (parameters) => {
    if (isFirst(parameters)) answer(`\x1bP!|${hex('SWYD')}\x1b\\`);
    return true;
  });
  parser.registerCsiHandler({ prefix: '>', final: 'q' }, (parameters) => {
    if (isFirst(parameters)) answer(`\x1bP>|switchyard(${VERSION})\x1b\\`);
    return true;
  });
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, (data) => {
    for (const name of data.split(';').slice(0, NAMES_LIMIT)) {
      const known = /^([0-9a-f]{2})+$/i.test(name)
        ? capabilities.get(Buffer.from(name, 'hex').toString('latin1'))
        : undefined;
      if (known === undefined) answer(`\x1bP0+r${/^[0-9a-f]*$/i.test(name) ? name : ''}\x1b\\`);
      else answer(`\x1bP1+r${name}${known === '' ? '' : `=${hex(known)}`}\x1b\\`);
    }
    return true;
  });
  // Colour registers (1) and the largest picture (2) of sixels; both cannot be set, so reading is all that succeeds.
  parser.registerCsiHandler({ prefix: '?', final: 'S' }, ([item, action]) => {
    const reads = action === 1 || action === 4;
    if (item === 1) answer(`\x1b[?1;${reads ? '0;256' : '3'}S`);
    else if (item === 2) answer(`\x1b[?2;${reads ? `0;${PICTURE_SIDE};${PICTURE_SIDE}` : '3'}S`);
    else answer(`\x1b[?${typeof item === 'number' ? item : 0};1S`);
    return true;
  });
}
