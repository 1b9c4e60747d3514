import { runSeatDaemon } from './SeatDaemon.js';

runSeatDaemon('tree');
