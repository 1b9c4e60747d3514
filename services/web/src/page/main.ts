import { SCALE_UNIT } from '@switchyard/seat/MonitorSize';
import type { ServerMessage } from '../wire/Control.js';
import { MessageType, PROTOCOL_VERSION } from '../wire/Wire.js';
import { Caret } from './Caret.js';
import { fillChordMenu } from './ChordMenu.js';
import { ClipboardBridge } from './ClipboardBridge.js';
import { entryProof } from './Entry.js';
import { Files } from './Files.js';
import { Fingers } from './Fingers.js';
import { floatAtCaret } from './FloatingField.js';
import { fullscreenButton } from './Fullscreen.js';
import { FurtherMonitors, monitorWish, party, sizeOf } from './FurtherMonitors.js';
import { inputMethodOn } from './InputMethod.js';
import { Keyboard } from './Keyboard.js';
import { LayoutChoice } from './LayoutChoice.js';
import { Link } from './Link.js';
import { Pointer } from './Pointer.js';
import { pointerImage } from './PointerImage.js';
import { ReadAloud } from './ReadAloud.js';
import { Screen } from './Screen.js';
import { SessionBar } from './SessionBar.js';
import { SoftKeys } from './SoftKeys.js';
import { SoundOutput } from './SoundOutput.js';
import { Stage } from './Stage.js';
import { Statistics } from './Statistics.js';
import { Status } from './Status.js';
import { decodesVideo } from './VideoDecoding.js';
import { ViewerList } from './ViewerList.js';
import { Zoom } from './Zoom.js';

const proof = entryProof();
const ownParty = party();

/** A session draws on the seat. */
let presenting = false;
/** Pixels have come over this connection. */
let drawn = false;

// First of all: it takes about as long to connect as to make all that is below, and calls back later.
const link = new Link({
  opened() {
    screen.reset();
    drawn = false;
    link.tell({
      type: 'hello',
      version: PROTOCOL_VERSION,
      visible: !document.hidden,
      touch: navigator.maxTouchPoints > 0,
      party: ownParty,
      ...monitorWish(stageElement),
      ...(proof === undefined ? {} : { proof }),
    });
    void video.then((decodes) => link.tell({ type: 'video', decodes }));
  },
  message: receive,
  binary(message) {
    statistics.received(message.length);
    if (message[0] === MessageType.frame) {
      screen.draw(message, () => {
        drawn = true;
        showState();
      });
    } else if (message[0] === MessageType.sound) sound.packet(message);
    else if (message[0] === MessageType.cursor) pointer.image = pointerImage(message, seatScale / SCALE_UNIT);
  },
  lost(refused, reason) {
    pointer.forget();
    fingers.forget();
    keyboard.releaseAll();
    status.set(
      'disconnected',
      refused
        ? 'Disconnected: this browser has no entry. “yard status” prints the address'
        : reason && `Disconnected: ${reason}`,
    );
  },
});

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

const canvas = element<HTMLCanvasElement>('screen');
const stageElement = element('stage');
const stage = new Stage(stageElement, canvas);
const status = new Status(canvas, element('status'), element('notice'));
/** Whether the seat may send H.264: until a decoder fails. */
let video = decodesVideo();
/** How many of the seat's pixels are one of CSS, in 120ths. */
let seatScale = SCALE_UNIT;
const screen = new Screen(
  canvas,
  (message) => link.send(message),
  () => {
    video = Promise.resolve(false);
    link.again();
  },
);
const pointer = new Pointer(canvas, (message) => link.send(message));
const sound = new SoundOutput(element('sound'), (message) => link.tell(message), status);
const statistics = new Statistics(
  element('numbers'),
  element('statistics'),
  (message) => link.tell(message),
  {
    frames: () => screen.frames,
    sound: () => (sound.on ? sound.held : undefined),
  },
);
const reader = new ReadAloud(element('read'), element('terminal-text'), (message) => link.tell(message));
const layout = new LayoutChoice(element('layout'), element('chords'), (message) => link.tell(message));
const zoom = new Zoom(element('zoom'), stageElement, canvas);
element('zoom').hidden = navigator.maxTouchPoints === 0;
const fingers = new Fingers(
  canvas,
  (message) => link.send(message),
  () => zoom.active,
);
const sessions = new SessionBar(
  element('sessions'),
  (session) => {
    link.tell({ type: 'activate', session });
    canvas.focus();
  },
  (session) => link.tell({ type: 'end', session }),
);
const files = new Files(
  { stage: stageElement, button: element('send'), picker: element('file') },
  { proof, viewer: () => viewers.you },
  status,
);
const clipboard = new ClipboardBridge(
  {
    copy: element('copy'),
    paste: element('paste'),
    dialog: element('clipboard'),
    text: element('clipboard-text'),
    heading: element('clipboard-heading'),
    confirm: element('clipboard-confirm'),
  },
  (message) => link.tell(message),
  (image) => files.sendImage(image),
  status,
);
const viewers = new ViewerList(
  { button: element('viewers'), menu: element('viewer-menu'), take: element('take') },
  (message) => link.tell(message),
  status,
);
const keyboard = new Keyboard(canvas, {
  send: (message) => link.send(message),
  live: () => link.open && viewers.acts,
  leave: () =>
    (document.querySelector<HTMLElement>('#sessions [aria-current="true"]') ?? element('keys')).focus(),
  paste: (text, primary) => clipboard.paste(text, { primary }),
  pasteImage: (image) => clipboard.pasteImage(image),
});

const writing = {
  text: (text: string) => link.tell({ type: 'text', text }),
  preedit: (text: string) => link.tell({ type: 'preedit', text }),
};
const caret = new Caret(canvas);
inputMethodOn(canvas, caret, writing);
new SoftKeys(element('soft'), element('soft-keys'), element('typing'), {
  ...writing,
  chord: (codes) => keyboard.chord(codes),
});
floatAtCaret(element('typing'), caret);

function receive(message: ServerMessage): void {
  switch (message.type) {
    case 'hello':
      nameWindow(message.seat, message.monitor);
      reloadIfOutdated(message.build);
      sound.connected();
      reader.connected();
      break;
    case 'mode':
      seatScale = message.scale;
      screen.setSize(message.width, message.height, () => stage.fit());
      break;
    case 'monitors':
      monitors.show(message.monitors);
      break;
    case 'presenting':
      presenting = message.presenting;
      showState();
      break;
    case 'sessions':
      sessions.show(message.sessions);
      break;
    case 'viewers':
      viewers.show(message);
      break;
    case 'selection':
      void clipboard.selection(message.text);
      break;
    case 'layout':
      layout.show(message.layout, message.layouts);
      break;
    case 'caret':
      caret.show(message.place);
      break;
    case 'terminal':
      reader.show(message.text);
      break;
    case 'pong':
      statistics.answered(message.serial);
      break;
    case 'soundAvailable':
      sound.available(message.available);
      break;
    case 'file':
      if (message.clipboard) void clipboard.image(message.file);
      else files.keep(message.file, message.name);
      break;
    case 'pasted':
      clipboard.pasted(message.serial, message.error);
      break;
    case 'failed':
      status.remark(message.message);
      break;
  }
}

function nameWindow(seat: string, monitor: number): void {
  const name = monitor === 1 ? seat : `${seat}, monitor ${monitor}`;
  document.title = `${name} — Switchyard`;
  canvas.dataset['seat'] = seat;
  canvas.dataset['monitor'] = String(monitor);
  canvas.setAttribute('aria-label', `Screen of ${name}`);
}

function showState(): void {
  if (!link.open || !drawn) return;
  if (document.hidden) status.set('paused', 'Paused while nobody looks');
  else status.set(presenting ? 'live' : 'paused');
}

/** After an update of the server this page is another program than the one it talks to. Once only, lest it reload for ever. */
function reloadIfOutdated(build: string): void {
  const own = document.querySelector<HTMLMetaElement>('meta[name="build"]')!.content;
  if (build === own || sessionStorage.getItem('reloaded-for') === build) return;
  sessionStorage.setItem('reloaded-for', build);
  location.reload();
}

document.addEventListener('visibilitychange', () => {
  link.tell({ type: 'visible', visible: !document.hidden });
  showState();
});

element('fit').addEventListener('click', () => {
  link.tell({ type: 'setMode', ...sizeOf(stageElement) });
  canvas.focus();
});
fullscreenButton(element('fullscreen'), (message) => status.remark(message));
const press = (codes: readonly number[]) => {
  canvas.focus();
  keyboard.chord(codes);
};
fillChordMenu(element('chords'), press);
const monitors = new FurtherMonitors(
  { button: element('monitor'), next: element('next-monitor'), menu: element('chords') },
  press,
);
canvas.focus();
