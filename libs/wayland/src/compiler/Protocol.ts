/** The model of one protocol XML: what the parser reads and the emitters write code from. */

export type ArgumentType = 'int' | 'uint' | 'fixed' | 'string' | 'object' | 'new_id' | 'array' | 'fd';

export type Argument = {
  name: string;
  type: ArgumentType;
  /** The object's interface; undefined for any (wl_display.error) or named on the wire (wl_registry.bind). */
  interface: string | undefined;
  /** `enum` or `interface.enum`, as the XML spells it. */
  enum: string | undefined;
  nullable: boolean;
  summary: string;
};

export type Message = {
  name: string;
  opcode: number;
  since: number;
  destructor: boolean;
  summary: string;
  arguments: Argument[];
};

export type EnumEntry = { name: string; value: number; since: number; summary: string };

export type Enum = { name: string; bitfield: boolean; summary: string; entries: EnumEntry[] };

export type InterfaceModel = {
  name: string;
  version: number;
  summary: string;
  requests: Message[];
  events: Message[];
  enums: Enum[];
};

export type Protocol = { name: string; copyright: string; interfaces: InterfaceModel[] };
