/**
 * What a participant needs, that is, a service that a coordinator calls. It needs the JDK alone.
 *
 * <p>A call ({@link io.pactor.client.participant.BranchCall}) may come twice, late, or for work
 * that was never done. {@link io.pactor.client.participant.JdbcBarrier} tells these apart by two
 * rows in the participant's own database, written in the transaction of the work. What became of
 * the call is a {@link io.pactor.client.participant.Reply},
 * {@link io.pactor.client.participant.Refused}, {@link io.pactor.client.participant.Ongoing}, or
 * any other exception; {@link io.pactor.client.participant.HttpAnswer} says it over HTTP.
 */
package io.pactor.client.participant;
