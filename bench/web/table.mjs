const sorted = (numbers) => numbers.filter(Number.isFinite).sort((a, b) => a - b);
const quantile = (numbers, q) => sorted(numbers)[Math.floor(numbers.length * q)];
const median = (numbers) => quantile(numbers, 0.5);

/** One figure each of what all rounds measured of a stack; undefined what it cannot do. */
export function summarize({ terminal, animation, natural, prompts, films }) {
  const times = terminal.flatMap(({ keyTimes }) => keyTimes);
  const of = (list, field, scale = 1) =>
    list.length === 0 ? undefined : median(list.map((each) => each[field])) * scale;
  const perFrame = (list) =>
    list.length === 0 ? undefined : median(list.map(({ cpu, fps }) => (cpu * 10) / fps));
  return {
    'start until it answers, ms': of(prompts, 'up'),
    'start until the first frame, p50, ms': of(prompts, 'frame'),
    'start until the first frame, p95, ms': quantile(
      prompts.map(({ frame }) => frame),
      0.95,
    ),
    'start until the first frame, CPU, ms': of(prompts, 'cpu'),
    'start until a video shows, p50, ms': of(films, 'frame'),
    'start until a video shows, p95, ms': quantile(
      films.map(({ frame }) => frame),
      0.95,
    ),
    'start until a video shows, CPU, ms': of(films, 'cpu'),
    'key to pixel p50, ms': median(times),
    'key to pixel p95, ms': quantile(times, 0.95),
    'bytes a key': of(terminal, 'keyBytes'),
    'keys that showed': times.length,
    'animation (60 Hz), fps': of(animation, 'fps'),
    'animation torn, %': of(animation, 'torn', 100),
    'animation, MB/s': of(animation, 'bytes', 1e-6),
    'animation, server CPU, %': of(animation, 'cpu'),
    'animation, server CPU a frame, ms': perFrame(animation),
    'natural video (30 Hz), fps': of(natural, 'fps'),
    'natural video torn, %': of(natural, 'torn', 100),
    'natural video, MB/s': of(natural, 'bytes', 1e-6),
    'natural video, server CPU, %': of(natural, 'cpu'),
    'natural video, server CPU a frame, ms': perFrame(natural),
    'scrolling, changes/s': of(terminal, 'scrollChanges'),
    'scrolling, MB/s': of(terminal, 'scrollBytes', 1e-6),
    'idle CPU, %': of(terminal, 'idleCpu'),
    'idle, bytes/s': of(terminal, 'idleBytes'),
    'RSS with a terminal, MB': of(terminal, 'rss', 1e-6),
    'PSS with a terminal, MB': of(terminal, 'pss', 1e-6),
  };
}

const show = (number) =>
  number === undefined || Number.isNaN(number) ? '–' : number.toFixed(Math.abs(number) >= 100 ? 0 : 1);

/** `columns`: [title, summary]; Markdown. */
export function table(columns) {
  const rows = [
    ['', ...columns.map(([title]) => title)],
    ...Object.keys(columns[0][1]).map((name) => [name, ...columns.map(([, summary]) => show(summary[name]))]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`;
  rows.splice(
    1,
    0,
    widths.map((width) => '-'.repeat(width)),
  );
  return `${rows.map(line).join('\n')}\n`;
}
