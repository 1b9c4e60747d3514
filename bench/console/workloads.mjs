// What terminals are given to show: texts of a kind, as long as is asked for. Deterministic.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const COLUMNS = 160;
const ROWS = 45;

const words =
  'the quick brown fox jumps over a lazy dog while sessions take turns on one seat and nobody waits'.split(
    ' ',
  );

function sentence(number, length) {
  let text = '';
  for (let at = number; text.length < length; at = at * 7 + 3) text += `${words[at % words.length]} `;
  return text;
}

/** 0 … 2³²-1, the same ones each time. */
function* numbers() {
  for (let state = 1; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 8;
  }
}
const source = numbers();
const random = (limit) => source.next().value % limit;

/** Each makes its nth piece. `share`: of the megabytes that are asked for, where a byte costs more. */
export const workloads = {
  ascii: { piece: (n) => `${sentence(n, 40 + ((n * 37) % 100))}\n` },
  colour: {
    piece: (n) =>
      `\x1b[2m2026-01-${10 + (n % 20)}T12:00:00\x1b[0m \x1b[3${1 + (n % 6)}mINFO\x1b[0m \x1b[38;5;${n % 256}mservice[${n % 999}]\x1b[0m: \x1b[38;2;200;${n % 256};90m${sentence(n, 60)}\x1b[0m\n`,
  },
  unicode: {
    piece: (n) => `${sentence(n, 20)} Grüße Ελληνικά Русский 漢字かな交じり文 한국어 😀👍🏽 é ${n}\n`,
  },
  // A screenful in which every cell has colours of its own.
  'dense cells': {
    piece() {
      let text = '\x1b[H';
      for (let cell = 0; cell < COLUMNS * ROWS; cell++) {
        const style = [1, 3, 4][cell % 3];
        text += `\x1b[${style};38;5;${random(256)};48;5;${random(256)}m${String.fromCharCode(33 + random(90))}`;
      }
      return `${text}\x1b[m`;
    },
  },
  // A screenful of one letter after the other.
  'light cells': {
    piece: (n) => `\x1b[H${String.fromCharCode(65 + (n % 26)).repeat(COLUMNS * ROWS)}`,
  },
  'cursor motion': {
    piece() {
      let text = '';
      for (let count = 0; count < 1000; count++) {
        text += `\x1b[${1 + random(ROWS)};${1 + random(COLUMNS)}H${String.fromCharCode(97 + (count % 26))}`;
      }
      return text;
    },
  },
  scrolling: { piece: () => 'y\n'.repeat(1000), share: 0.2 },
  'region scrolling': {
    piece: () => `\x1b[10;30r\x1b[30;1H${'y\n'.repeat(1000)}`,
    last: '\x1b[r',
    share: 0.2,
  },
};

/** Writes a workload to a file; its bytes. */
export async function write(path, { piece, last = '', share = 1 }, megabytes) {
  const file = createWriteStream(path);
  let size = 0;
  const put = async (text) => {
    size += Buffer.byteLength(text);
    if (!file.write(text)) await once(file, 'drain');
  };
  for (let number = 0; size < megabytes * share * 1e6; number++) await put(piece(number));
  await put(last);
  file.end();
  await once(file, 'finish');
  return size;
}
