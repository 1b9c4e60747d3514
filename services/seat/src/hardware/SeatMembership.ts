import { cardConnectors } from './CardConnector.js';
import type { SeatAssignments } from './SeatAssignments.js';
import { type Candidate, ruleMatches, type SeatRule } from './SeatRule.js';
import type { ConnectorSeats } from './SharedCard.js';
import type { SysDevice } from './SysDevice.js';
import type { UdevDatabase } from './UdevDatabase.js';
import type { UdevRecord } from './UdevRecord.js';

/** Whose everything is that nobody says anything else of. */
const DEFAULT_SEAT = 'seat0';
const SEAT_NAME = /^seat[A-Za-z0-9_-]{0,60}$/;

/**
 * Which seat a device belongs to. The first that says something counts:
 *
 * 1. what AttachDevice was told;
 * 2. the administrator's rules (`--hardware-rules`);
 * 3. udev's ID_SEAT;
 * 4. it is seat0's.
 */
export class SeatMembership {
  readonly #assignments: SeatAssignments;
  readonly #rules: readonly SeatRule[];
  readonly #udev: UdevDatabase;

  constructor(assignments: SeatAssignments, rules: readonly SeatRule[], udev: UdevDatabase) {
    this.#assignments = assignments;
    this.#rules = rules;
    this.#udev = udev;
  }

  /** Undefined: no seat's. */
  seatOf(candidate: Candidate): string | undefined {
    for (const rule of [...this.#assignments.rules, ...this.#rules]) {
      if (ruleMatches(rule, candidate)) return rule.seat === '' ? undefined : rule.seat;
    }
    return seatByUdev(candidate.record);
  }

  /** Whose the connectors of a card are, if a rule tells any of them from the card. "" is nobody's. */
  connectorSeats(card: Candidate): ConnectorSeats | undefined {
    const connectors = cardConnectors(card.sys).map(({ name }) => ({ ...card, connector: name }));
    const told = [...this.#assignments.rules, ...this.#rules].some(
      (rule) => rule.match.connector !== undefined && connectors.some((one) => ruleMatches(rule, one)),
    );
    if (!told) return undefined;
    return new Map(connectors.map((one) => [one.connector, this.seatOf(one) ?? '']));
  }

  /** Of any other device: a light, a sound card. It is where the nearest is that it hangs on. */
  seatOfAny(sys: SysDevice): string {
    for (const rule of [...this.#assignments.rules, ...this.#rules]) {
      if (rule.seat !== '' && ruleMatches(rule, { kind: undefined, sys, record: this.#udev.record(sys) })) {
        return rule.seat;
      }
    }
    for (const device of sys.lineage()) {
      const seat = this.#udev.record(device)?.properties.get('ID_SEAT');
      if (seat !== undefined && SEAT_NAME.test(seat)) return seat;
    }
    return DEFAULT_SEAT;
  }
}

function seatByUdev(record: UdevRecord | undefined): string {
  const seat = record?.properties.get('ID_SEAT');
  return seat !== undefined && SEAT_NAME.test(seat) ? seat : DEFAULT_SEAT;
}
