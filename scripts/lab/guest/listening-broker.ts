/**
 * A broker in the machine that lets the totem in and remembers the last message of each topic: for what a totem says of its
 * health where no gateway is needed. Receipts nothing.
 */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Aedes } from "aedes";

export type ListeningBroker = {
  readonly url: string;
  /** The next message on a topic that ends so, as JSON. */
  readonly next: (topicEnd: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly close: () => Promise<void>;
};

export async function startListeningBroker(): Promise<ListeningBroker> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    next: (topicEnd) =>
      new Promise((resolve) => {
        const hear = ({ topic, payload }: { topic: string; payload: string | Buffer }) => {
          if (!topic.endsWith(topicEnd)) return;
          broker.off("publish", hear);
          resolve(JSON.parse(payload.toString()) as Record<string, unknown>);
        };
        broker.on("publish", hear);
      }),
    close: async () => {
      server.close();
      await new Promise<void>((resolve) => broker.close(resolve));
    },
  };
}
