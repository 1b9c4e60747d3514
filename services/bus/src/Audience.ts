import type { Frame } from '@switchyard/dbus';
import { ExtensionField } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import type { Delivery } from './Delivery.js';
import type { AccessControl } from './extension/AccessControl.js';
import type { ExtendedDelivery } from './extension/ExtendedDelivery.js';
import type { MessageAtHand } from './MessageAtHand.js';
import type { Peer } from './Peer.js';
import type { Guard } from './policy/Guard.js';

export type AudienceParts = {
  atHand: MessageAtHand;
  delivery: Delivery;
  guard: Guard<Peer>;
  access: AccessControl<Peer>;
  extended: ExtendedDelivery;
};

/** Who gets the message at hand without being its addressee: monitors, whose rules match, and who listens in. */
export class Audience {
  readonly #parts: AudienceParts;

  constructor(parts: AudienceParts) {
    this.#parts = parts;
  }

  /** Monitors get a message before its addressee, with the metadata that they asked for before they became monitors. */
  show(peer: Peer, frame: Frame, fds: readonly Fd[]): void {
    const { delivery, atHand, extended } = this.#parts;
    if (delivery.monitors.size === 0) return;
    atHand.stampForMany(frame, peer.uniqueName);
    delivery.monitors.find(atHand.subject, (monitor) => {
      if (monitor.extension) extended.copy(monitor, this.#parcel(peer, monitor, frame), fds);
      else delivery.copyTo(monitor, monitor, atHand.message, fds);
    });
  }

  /** Every peer with a matching rule gets it, once. A payload has been checked. Hot. */
  broadcast(peer: Peer, frame: Frame, fds: readonly Fd[]): void {
    const { delivery, atHand, guard, access, extended } = this.#parts;
    const { subject } = atHand;
    const hasPayload = frame.hasExtension(ExtensionField.payload);
    delivery.matches.find(subject, (receiver) => {
      const denial = guard.refusal(subject, peer, receiver, false);
      if (denial) {
        delivery.showError(peer.uniqueName, frame.serial, denial);
        return;
      }
      if (access.isActive && !access.mayTalk(receiver, peer)) return;
      atHand.stampForMany(frame, peer.uniqueName);
      if (receiver.extension) extended.copy(receiver, this.#parcel(peer, peer, frame), fds);
      else if (!hasPayload) delivery.copyTo(receiver, peer, atHand.message, fds);
    });
  }

  /** Those whose rules want messages for others, if the policy lets them. */
  eavesdrop(peer: Peer, addressee: Peer | undefined, frame: Frame, fds: readonly Fd[]): void {
    const { delivery, atHand, guard } = this.#parts;
    if (delivery.eavesdroppers.size === 0) return;
    delivery.eavesdroppers.find(atHand.subject, (receiver) => {
      if (receiver === addressee) return;
      const denial = guard.refusal(atHand.subject, peer, receiver, false, true);
      if (denial) {
        delivery.showError(peer.uniqueName, frame.serial, denial);
        return;
      }
      atHand.stampOnce(frame, peer.uniqueName);
      delivery.copyTo(receiver, peer, atHand.message, fds);
    });
  }

  #parcel(sender: Peer, charged: Peer, frame: Frame) {
    return { sender, charged, frame, message: this.#parts.atHand.message, isAnswer: false };
  }
}
