package http;

import java.util.Set;

/**
 * One of the interfaces to the coordinator, for tests that ask the same of each: what is asked is
 * written as the body of an HTTP request, and an answer is known by the code that tells it here.
 */
public interface Door {

    /** The name, for gids and for people. */
    String name();

    /** The requests that can be made here. */
    Set<String> calls();

    /** Makes a request, sees to it that the answer has the form clients rely on. Its code. */
    String ask(String call, String body);

    /** The code that tells what HTTP tells by this status. */
    String told(int status);
}
