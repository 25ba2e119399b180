/**
 * What the gateway needs from a database to tell people of alarms: messages that wait, and the log of those that went. Part of the `Store`
 * port.
 */

/** Ways to tell somebody. */
export type Channel = "webhook" | "mail";

export type Message = {
  /** What it is about: the same key is never told twice on one channel. */
  readonly key: string;
  readonly channel: Channel;
  readonly subject: string;
  readonly body: string;
  readonly createdMs: number;
  /** Not before this moment. */
  readonly nextMs: number;
};

export type Delivery = Omit<Message, "nextMs"> & {
  readonly no: number;
  /** When it is tried next; null once it went or was given up. */
  readonly nextMs: number | null;
  readonly tries: number;
  readonly doneMs: number | null;
  /** Why the last try failed. */
  readonly error: string | null;
};

export type DeliveryStore = {
  /** @returns false for a message whose key was told, or waits, on this channel. */
  readonly queueDelivery: (message: Message) => Promise<boolean>;
  /** Those to be tried now, the oldest first. */
  readonly dueDeliveries: (nowMs: number, limit: number) => Promise<readonly Delivery[]>;
  readonly noteDelivered: (no: number, atMs: number) => Promise<void>;
  /** @param nextMs null gives it up. */
  readonly noteUndelivered: (no: number, error: string, nextMs: number | null) => Promise<void>;
  /** The latest ones, the newest first. */
  readonly deliveries: (limit: number) => Promise<readonly Delivery[]>;
};
