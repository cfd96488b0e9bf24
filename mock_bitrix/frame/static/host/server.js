/** What only the server knows or may do. */

/** Send a frame's command to the server; gives its result. Throws an Error that says why not. */
export async function ask(frame, command, params) {
  const answer = await fetch(`/marketplace/frame/${command}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ app_sid: frame.sid, params }),
  });
  const { result, error } = await answer.json();
  if (!answer.ok) {
    throw new Error(error);
  }
  return result;
}
