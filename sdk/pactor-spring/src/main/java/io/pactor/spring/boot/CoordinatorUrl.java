package io.pactor.spring.boot;

/** Where the coordinator is that is embedded in this application. */
interface CoordinatorUrl {

    /** For clients in this process. */
    String url();

    /** The token of those clients; another one after each start. */
    String token();
}
