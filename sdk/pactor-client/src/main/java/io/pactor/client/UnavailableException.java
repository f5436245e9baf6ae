package io.pactor.client;

/**
 * No coordinator answered in time, or none with an answer that can be relied on. What was asked for
 * may or may not have happened: repeat the call with the same gid, which never does it twice.
 */
public final class UnavailableException extends PactorException {

    private static final long serialVersionUID = 1L;

    UnavailableException(String gid, String message, Throwable cause) {
        super(gid, message, cause);
    }

    @Override
    UnavailableException here() {
        return new UnavailableException(gid(), getMessage(), this);
    }
}
