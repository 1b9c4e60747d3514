import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { ConfigError } from './ConfigError.js';

/** An element of a configuration file, and where it stands. */
export type XmlElement = {
  name: string;
  attributes: ReadonlyMap<string, string>;
  /** All text directly inside, as it stands. */
  text: string;
  children: XmlElement[];
  line: number;
};

/** A node as the parser gives it with preserveOrder: one key is the tag's name, or #text. */
type Node = Record<string, unknown> & { ':@'?: Record<string, string> };

const metaData = XMLParser.getMetaDataSymbol() as unknown as string;
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  captureMetaData: true,
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
});

/** Reads a document's one root element. Throws ConfigError. */
export function parseXml(text: string, file: string): XmlElement {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new ConfigError(file, valid.err.line, valid.err.msg);
  checkEntities(text, file);
  let nodes: Node[];
  try {
    nodes = parser.parse(text) as Node[];
  } catch (error) {
    throw new ConfigError(file, undefined, (error as Error).message);
  }
  const lines = lineStarts(text);
  const roots = nodes.filter((node) => !isText(node) && !tagOf(node).startsWith('?'));
  if (roots.length !== 1) throw new ConfigError(file, 1, 'not one root element');
  return elementOf(roots[0]!, lines);
}

/** XML has five names for characters; any other would need a DTD that we do not read. */
function checkEntities(text: string, file: string): void {
  const skipped = /<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>/gs;
  const plain = text.replace(skipped, (part) => ' '.repeat(part.length));
  const unknown = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/.exec(plain);
  if (unknown)
    throw new ConfigError(file, lineAt(lineStarts(text), unknown.index), 'an entity that nobody defined');
}

function elementOf(node: Node, lines: number[]): XmlElement {
  const name = tagOf(node);
  const inside = node[name] as Node[];
  const { startIndex } = (node[metaData] ?? { startIndex: 0 }) as { startIndex: number };
  return {
    name,
    attributes: new Map(Object.entries(node[':@'] ?? {})),
    text: inside
      .filter(isText)
      .map((one) => String(one['#text']))
      .join(''),
    // Instructions to other programs are none to us.
    children: inside
      .filter((one) => !isText(one) && !tagOf(one).startsWith('?'))
      .map((one) => elementOf(one, lines)),
    line: lineAt(lines, startIndex),
  };
}

const isText = (node: Node) => '#text' in node;
const tagOf = (node: Node) => Object.keys(node).find((key) => key !== ':@')!;

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Counted from 1. */
function lineAt(starts: number[], index: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= index) low = middle;
    else high = middle;
  }
  return low + 1;
}
