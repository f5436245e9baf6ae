/**
 * Calls to participants, and the alert webhook.
 *
 * <p>{@link branch.Invokers} is the way in. It chooses how a branch is called; {@link
 * branch.HttpInvoker}, {@link branch.JsonRpcInvoker} and {@link branch.GrpcInvoker} write the
 * request and read the answer; {@code HttpTransport} and {@code GrpcTransport} carry bytes, with
 * one bounded pool and one bounded queue for each host, so that a host which is dead or slow delays
 * no other. Nothing in here repeats a call: whether to
 * ask again is for the rules to say.
 */
package branch;
