/**
 * Calls to participants, and the alert webhook.
 *
 * <p>{@link branch.Invokers} is the way in. It chooses how a branch is called; {@link
 * branch.HttpInvoker} and {@link branch.JsonRpcInvoker} write the request and read the answer;
 * {@code HttpTransport} carries bytes, with one bounded pool and one bounded queue for each host,
 * so that a host which is dead or slow delays no other. Nothing in here repeats a call: whether to
 * ask again is for the rules to say.
 */
package branch;
