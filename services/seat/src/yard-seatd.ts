import { runSeatDaemon } from './SeatDaemon.js';

/** The same program for a system without the rest of Switchyard: on the system's bus, where seat0 is always there. */
runSeatDaemon('system');
