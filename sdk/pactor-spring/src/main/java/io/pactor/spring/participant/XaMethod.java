package io.pactor.spring.participant;

import io.pactor.client.XaParticipant;
import java.lang.reflect.Method;
import javax.sql.DataSource;

/**
 * A method with {@link Xa} that was found to be safe.
 *
 * @param dataSource whose connection its body takes
 */
record XaMethod(Method method, DataSource dataSource, XaParticipant participant) {}
