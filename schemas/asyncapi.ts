/**
 * All MQTT topics as an AsyncAPI 3.0 document, told from the totem's side: what it sends and what it receives. Pure.
 */
import {
  BATCH,
  COMMAND,
  DAY_KEYS,
  HEALTH,
  HELLO,
  RECEIPT,
  REPLY,
  SCHEMA_VERSION,
  SETTINGS,
  SPENT,
  STATUS,
} from "./messages.ts";
import { READINESS_REPORT } from "./self-test.ts";
import type { Shape } from "./shape.ts";
import {
  DOWNLINKS,
  type Downlink,
  isRetained,
  spentTopic,
  totemTopic,
  UPLINKS,
  type Uplink,
} from "./topics.ts";

type Kind = Uplink | Downlink | "spent";
type Channel = {
  readonly kind: Kind;
  readonly address: string;
  readonly parameters: readonly ("totemId" | "siteId")[];
  readonly actions: readonly ("send" | "receive")[];
  readonly retain: boolean;
};

/** The shape and the sense of each message. */
const MESSAGES: Readonly<Record<Kind, { readonly shape: Shape<unknown>; readonly summary: string }>> = {
  hello: { shape: HELLO, summary: "On each connect: what the totem still holds." },
  entries: {
    shape: BATCH,
    summary: "A run of journal entries, chained and signed with the totem's journal key. At most 64 KiB.",
  },
  status: { shape: STATUS, summary: "Whether the totem is there; also its last will." },
  health: { shape: HEALTH, summary: "Every 60 s: how the totem is, without any figure of votes." },
  readiness: {
    shape: READINESS_REPORT,
    summary:
      "After each self-test, and again on each connect until a newer one: what was found of the machine.",
  },
  reply: { shape: REPLY, summary: "The answer to a command." },
  receipt: {
    shape: RECEIPT,
    summary: "The gateway's word, after its commit; the only thing by which entries count as delivered.",
  },
  settings: { shape: SETTINGS, summary: "What the totem must know of its site. Signed; holds no secret." },
  keys: { shape: DAY_KEYS, summary: "The day's site and office keys, sealed to the totem's own key." },
  command: { shape: COMMAND, summary: "An order to the totem, numbered, signed, obeyed once." },
  spent: { shape: SPENT, summary: "Marks of tickets used at one totem, for the other totems of its site." },
};

const PARAMETERS = {
  totemId: { description: "The totem's id, which is also its MQTT user name and client id." },
  siteId: { description: "The id of the totem's site." },
} as const;

const PASSWORD = { $ref: "#/components/securitySchemes/password" };

/** The document. */
export function asyncApi(): object {
  const channels = allChannels();
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Faccine: totem and gateway over MQTT 3.1.1",
      version: String(SCHEMA_VERSION),
      description:
        "QoS 1, clean sessions, JSON in UTF-8. Signatures are Ed25519 over `faccine/v1/<type>`, a zero byte and the RFC 8785 form of all other fields. The directions are the totem's.",
      license: { name: "EUPL-1.2", url: "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12" },
    },
    servers: {
      gateway: {
        host: "{host}:{port}",
        ...{ protocol: "mqtt", protocolVersion: "3.1.1" },
        description: "The gateway's own broker, or one beside it.",
        variables: {
          host: { description: "Where the totem's settings say the gateway is.", default: "127.0.0.1" },
          port: { description: "1883, or 8883 with TLS.", default: "1883" },
        },
        security: [PASSWORD],
      },
    },
    defaultContentType: "application/json",
    channels: Object.fromEntries(channels.map((channel) => [channel.kind, channelDocument(channel)])),
    operations: Object.fromEntries(channels.flatMap(operationDocuments)),
    components: {
      securitySchemes: {
        password: {
          type: "userPassword",
          description: "The totem's id, and the password its enrolment gave it.",
        },
      },
      messages: Object.fromEntries(
        channels.map(({ kind }) => {
          const { shape, summary } = MESSAGES[kind];
          return [kind, { name: shape.name, summary, payload: { $ref: `./${shape.name}.schema.json` } }];
        }),
      ),
    },
  };
}

function allChannels(): readonly Channel[] {
  const ofTotem = (kind: Uplink | Downlink, action: "send" | "receive"): Channel => ({
    kind,
    address: totemTopic("{totemId}", kind),
    parameters: ["totemId"],
    actions: [action],
    retain: isRetained(kind),
  });
  return [
    ...UPLINKS.map((kind) => ofTotem(kind, "send")),
    ...DOWNLINKS.map((kind) => ofTotem(kind, "receive")),
    {
      kind: "spent",
      address: spentTopic("{siteId}", "{totemId}"),
      parameters: ["siteId", "totemId"],
      actions: ["send", "receive"],
      retain: false,
    },
  ];
}

function channelDocument({ kind, address, parameters }: Channel): object {
  return {
    address,
    messages: { [kind]: { $ref: `#/components/messages/${kind}` } },
    parameters: Object.fromEntries(parameters.map((name) => [name, PARAMETERS[name]])),
  };
}

function operationDocuments({ kind, actions, retain }: Channel): readonly (readonly [string, object])[] {
  return actions.map((action) => [
    `${action}-${kind}`,
    {
      action,
      channel: { $ref: `#/channels/${kind}` },
      messages: [{ $ref: `#/channels/${kind}/messages/${kind}` }],
      security: [PASSWORD],
      bindings: { mqtt: { qos: 1, ...(action === "send" ? { retain } : {}), bindingVersion: "0.2.0" } },
      ...(retain ? { description: "The broker keeps the last one for whoever comes later." } : {}),
    },
  ]);
}
