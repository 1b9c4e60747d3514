import type { ModuleImports } from './ModuleImports.js';
import { comment, enumName, parameterName, pascalCase } from './Names.js';
import type { Argument, InterfaceModel, Message } from './Protocol.js';

/** What differs between the two sides: how objects are called there. */
export type Side = { readonly objects: 'Resource' | 'Proxy' };

export function handlerName(side: Side, interfaceName: string): string {
  return pascalCase(interfaceName) + (side.objects === 'Resource' ? 'Requests' : 'Events');
}

export function objectName(side: Side, interfaceName: string): string {
  return pascalCase(interfaceName) + side.objects;
}

function objectType(argument: Argument, side: Side, imports: ModuleImports): string {
  const base = side.objects === 'Resource' ? 'Resource' : 'ObjectProxy';
  if (argument.interface === undefined) return base;
  return imports.use(argument.interface, objectName(side, argument.interface));
}

/** The type of an argument that a peer sent: enums are numbers, since it may send what it likes. */
export function incomingType(argument: Argument, side: Side, imports: ModuleImports): string {
  if (argument.type === 'new_id' && argument.interface === undefined) {
    return '{ interface: string; version: number; id: number }';
  }
  return plainType(argument, side, imports);
}

/** The type of an argument that we send. */
export function outgoingType(
  argument: Argument,
  owner: InterfaceModel,
  side: Side,
  imports: ModuleImports,
): string {
  if (argument.enum === undefined) return plainType(argument, side, imports);
  const [first, second] = argument.enum.split('.');
  const name = second === undefined ? enumName(owner.name, first!) : enumName(first!, second);
  return second === undefined ? name : imports.use(first!, name);
}

function plainType(argument: Argument, side: Side, imports: ModuleImports): string {
  const orNull = argument.nullable ? ' | null' : '';
  switch (argument.type) {
    case 'int':
    case 'uint':
    case 'fixed':
      return 'number';
    case 'string':
      return `string${orNull}`;
    case 'array':
      return 'Uint8Array';
    case 'fd':
      return 'Fd';
    case 'object':
    case 'new_id':
      return objectType(argument, side, imports) + orNull;
  }
}

/** The expression that reads an argument from `message`. */
export function readExpression(argument: Argument, side: Side, imports: ModuleImports): string {
  switch (argument.type) {
    case 'int':
    case 'uint':
    case 'fixed':
    case 'array':
    case 'fd':
      return `message.${argument.type}()`;
    case 'string':
      return argument.nullable ? 'message.stringOrNull()' : 'message.string()';
    case 'object': {
      if (argument.interface === undefined) return 'this.receivedAny(message.uint())';
      const method = argument.nullable ? 'receivedOrNull' : 'received';
      return `this.${method}(${objectType(argument, side, imports)}, message.uint())`;
    }
    case 'new_id':
      if (argument.interface === undefined) {
        return '{ interface: message.string(), version: message.uint(), id: message.uint() }';
      }
      return `this.created(${objectType(argument, side, imports)}, message.uint())`;
  }
}

/** The statement that writes an argument to `message`. */
export function writeStatement(argument: Argument): string {
  const name = parameterName(argument.name);
  switch (argument.type) {
    case 'int':
    case 'uint':
    case 'fixed':
    case 'string':
    case 'array':
    case 'fd':
      return `message.${argument.type}(${name});`;
    case 'object':
    case 'new_id':
      return `message.uint(this.reference(${name}));`;
  }
}

/** The doc lines of a message: what the XML says in its summaries. */
export function messageDoc(
  message: Message,
  owner: InterfaceModel,
  direction: 'incoming' | 'outgoing',
): string[] {
  const lines = [comment(message.summary)];
  if (message.since > 1) lines.push(`Since version ${message.since}.`);
  if (message.destructor) lines.push('Destroys the object.');
  for (const argument of message.arguments) {
    const texts = [comment(argument.summary)];
    if (argument.enum !== undefined && direction === 'incoming') {
      const [first, second] = argument.enum.split('.');
      texts.push(`see ${second === undefined ? enumName(owner.name, first!) : enumName(first!, second)}`);
    }
    const text = texts.filter((each) => each !== '').join('; ');
    if (text !== '') lines.push(`@param ${parameterName(argument.name)} ${text}`);
  }
  return lines;
}
