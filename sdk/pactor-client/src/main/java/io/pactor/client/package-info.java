/**
 * Starts transactions on a Pactor or DTM coordinator: {@link io.pactor.client.Pactor} is the way
 * in. Needs the JDK alone; Jackson 2 or 3 is used where it is there.
 *
 * <p>Every request is idempotent by its gid, so what got no answer is sent again. A method that
 * takes a {@code Duration} keeps within it. Blocking methods give up when their thread is
 * interrupted; none holds a monitor while it waits, so virtual threads are never pinned.
 */
package io.pactor.client;
