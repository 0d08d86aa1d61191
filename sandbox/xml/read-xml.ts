/** An element of an XML text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

export class XmlError extends Error {}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name: string) => {
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex as string, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name] ?? whole;
  });
}

/** Text for an XML document, inside an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>|<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<\/(?<close>[^\s>]+)\s*>|<(?<open>[^\s/>]+)(?<attributes>(?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/gy;

/**
 * Reads small XML texts of views, navigation bars and modular inputs: elements, attributes, text and CDATA. No namespaces and
 * no entities of its own.
 * @throws XmlError
 */
export function readXml(text: string): XmlElement {
  const top: (XmlElement | string)[] = [];
  const open: { element: XmlElement; children: (XmlElement | string)[] }[] = [];
  const into = () => open.at(-1)?.children ?? top;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new XmlError(`The XML cannot be read at position ${at + 1}.`);
    const { cdata, close, open: name, attributes = '', empty, text: plain } = match.groups!;
    if (cdata !== undefined) into().push(cdata);
    else if (plain !== undefined) into().push(decode(plain));
    else if (close !== undefined) {
      const last = open.pop();
      if (last?.element.name !== close) throw new XmlError(`'</${close}>' closes what is not open.`);
    } else if (name !== undefined) {
      const children: (XmlElement | string)[] = [];
      const element = { name, attributes: readAttributes(attributes), children };
      into().push(element);
      if (empty === '') open.push({ element, children });
    }
  }
  if (open.length > 0) throw new XmlError(`'<${open.at(-1)!.element.name}>' is not closed.`);
  const root = top.find((child) => typeof child !== 'string');
  if (root === undefined || typeof root === 'string') throw new XmlError('The XML holds no element.');
  return root;
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(pairs.map(([, name, double, single]) => [name, decode(double ?? single)]));
}

/** The elements right below, of one name where it is given. */
export function elementsOf(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

/** The text of the element and of all below it. */
export function textIn(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('');
}
