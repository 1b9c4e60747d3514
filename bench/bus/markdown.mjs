/** The tables of docs/bus.md, from the rows of a run. */

const microseconds = (value) => {
  if (value === undefined) return '–';
  return value >= 1000 ? `${Number((value / 1000).toPrecision(2))} ms` : `${value} µs`;
};
const ratio = (row, broker) =>
  row[`× ${broker}`] === undefined ? '–' : `${row[`× ${broker}`]}× (${row[`cpu × ${broker}`]}×)`;
const verdict = (text) => (text.startsWith('no') ? 'no' : text || '–');

export function comparisonTable(rows) {
  const lines = rows.map((row) =>
    [
      row.load,
      microseconds(row['ours µs']),
      microseconds(row['dbus-daemon µs']),
      microseconds(row['dbus-broker µs']),
      ratio(row, 'dbus-daemon'),
      ratio(row, 'dbus-broker'),
      verdict(row.must),
      verdict(row.stretch),
    ].join(' | '),
  );
  return table(
    'load | ours | dbus-daemon | dbus-broker | faster than dbus-daemon (less CPU) | than dbus-broker (less CPU) | must | stretch',
    lines,
  );
}

export function figureTable(figures) {
  const lines = figures.map((figure) => {
    const { measure, unit, ours, must, stretch, ...others } = figure;
    const rest = Object.entries(others).map(([name, value]) => `${name} ${value}`);
    return [measure, `${ours} ${unit}`, rest.join(', ') || '–', must || '–', stretch || '–'].join(' | ');
  });
  return table('measure | ours | others | must | stretch', lines);
}

function table(head, lines) {
  const rule = head
    .split(' | ')
    .map(() => '---')
    .join(' | ');
  return [head, rule, ...lines].map((line) => `| ${line} |`).join('\n');
}
