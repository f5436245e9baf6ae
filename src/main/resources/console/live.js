// What happens, as it happens. One stream for each page, closed while nobody looks at it.

const NAMES = ['created', 'status', 'branch', 'attempt', 'retry', 'parked', 'unparked', 'paused',
  'resumed', 'pass', 'missed', 'dropped'];

/** @typedef {'off' | 'opening' | 'live' | 'lost'} State */

export class Live {
  /**
   * @param {(event: any) => void} heard
   * @param {(state: State) => void} changed
   */
  constructor(heard, changed) {
    this.heard = heard;
    this.changed = changed;
    /** @type {?EventSource} */
    this.source = null;
    /** @type {State} */
    this.state = 'off';
    this.isWanted = false;
    document.addEventListener('visibilitychange', () => this.look());
  }

  start() {
    this.isWanted = true;
    this.look();
  }

  stop() {
    this.isWanted = false;
    this.look();
  }

  look() {
    const isOpen = this.source !== null;
    const shallBeOpen = this.isWanted && !document.hidden;
    if (isOpen && !shallBeOpen) {
      this.close();
      this.tell('off');
    } else if (!isOpen && shallBeOpen) {
      this.open();
    }
  }

  open() {
    const source = new EventSource('/api/events');
    this.source = source;
    this.tell('opening');
    source.onopen = () => this.tell('live');
    source.onerror = () => {
      this.tell('lost');
      // A browser comes back by itself after a break, and gives up after a refusal.
      if (source.readyState === EventSource.CLOSED) {
        this.close();
        setTimeout(() => this.look(), 5000);
      }
    };
    for (const name of NAMES) {
      source.addEventListener(name, message => this.heard(JSON.parse(message.data)));
    }
  }

  close() {
    if (this.source) {
      this.source.close();
      this.source = null;
    }
  }

  /** @param {State} state */
  tell(state) {
    if (state !== this.state) {
      this.state = state;
      this.changed(state);
    }
  }
}
