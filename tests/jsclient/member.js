// A member of a Matrix room, played with the library that Element is built on, as strict as Element is: it shares no
// keys with devices that their owner has not signed, and shows no message of theirs (MSC4153).
//
// Standard input: one JSON object a line; the first is {"homeserver", "user", "password", "room"}, then {"say": "…"} or
// {"answer": [ids]}, which answers the newest poll.
// Standard output: one JSON object a line; {"ready": true}, then {"sender", "body", "encrypted", "shield"} for each
// message it can read, {"sender", "unreadable": reason} for each it can't; {"poll": question, "kind", "most", "answers"}
// and {"ended": question} for polls it would show. It ends when its input ends.

import { createInterface } from "node:readline";

// The library wants Node 22 for this alone; Node 20 is what many machines have.
Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new this((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
};

const { createClient, ClientEvent, MatrixEventEvent, PollEvent, RoomEvent, SyncState } = await import("matrix-js-sdk");
const { PollResponseEvent } = await import("matrix-js-sdk/lib/extensible_events_v1/PollResponseEvent.js");
const { OnlySignedDevicesIsolationMode } = await import("matrix-js-sdk/lib/crypto-api/index.js");
const { logger } = await import("matrix-js-sdk/lib/logger.js");
logger.disableAll?.();
for (const level of ["log", "debug", "info", "warn"]) console[level] = () => {};

const tell = (thing) => process.stdout.write(JSON.stringify(thing) + "\n");
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { homeserver, user, password, room } = JSON.parse((await lines.next()).value);

const identifier = { type: "m.id.user", user };
const login = { type: "m.login.password", identifier, password };
const session = await createClient({ baseUrl: homeserver }).loginRequest(login);
const client = createClient({
  baseUrl: homeserver,
  userId: session.user_id,
  deviceId: session.device_id,
  accessToken: session.access_token,
});
await client.initRustCrypto({ useIndexedDB: false });
const crypto = client.getCrypto();
crypto.setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
await crypto.bootstrapCrossSigning({
  setupNewCrossSigning: true,
  authUploadDeviceSigningKeys: (upload) => upload({ ...login }),
});

async function show(event) {
  if (event.getType() !== "m.room.message" && !event.isDecryptionFailure()) return;
  if (event.isBeingDecrypted() || event.getRoomId() !== room) return;
  if (event.isDecryptionFailure()) return tell({ sender: event.getSender(), unreadable: event.decryptionFailureReason });
  const trust = await crypto.getEncryptionInfoForEvent(event);
  const { body } = event.getContent();
  tell({ sender: event.getSender(), body, encrypted: event.isEncrypted(), shield: trust?.shieldColour ?? 0 });
}
client.on(RoomEvent.Timeline, (event, where, toStart) => toStart || show(event));
client.on(MatrixEventEvent.Decrypted, show);

await new Promise((synced) => {
  client.on(ClientEvent.Sync, (state) => state === SyncState.Prepared && synced());
  client.startClient({ initialSyncLimit: 20 });
});
await client.joinRoom(room);
// A message sent before the sync has told of the room's encryption would go out in clear, or not at all.
await new Promise((known) => {
  const look = async () => (await crypto.isEncryptionEnabledInRoom(room)) && client.getRoom(room)?.getMember(user) && known();
  client.on(ClientEvent.Sync, look);
  look();
});
let newest;
client.getRoom(room).on(PollEvent.New, (poll) => {
  const { question, kind, maxSelections, answers } = poll.pollEvent;
  newest = poll;
  tell({ poll: question.text, kind: kind.name, most: maxSelections, answers: answers.map(({ id, text }) => [id, text]) });
  poll.on(PollEvent.End, () => tell({ ended: question.text }));
  poll.getResponses();
});
tell({ ready: true });
for await (const line of lines) {
  const { say, answer } = JSON.parse(line);
  if (say) await client.sendMessage(room, { msgtype: "m.text", body: say });
  if (answer) {
    const { type, content } = PollResponseEvent.from(answer, newest.pollId).serialize();
    await client.sendEvent(room, type, content);
  }
}
client.stopClient();
process.exit(0);
