package io.pactor.spring.participant;

import io.pactor.client.Pactor;
import io.pactor.client.XaParticipant;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/**
 * Finds methods with {@link Xa} and checks them: each is mapped to a url, has no transaction of
 * Spring's, a database that can prepare, and a result that can be kept.
 */
final class XaMethods {

    private static final boolean HAS_WEB = ClassUtils.isPresent(
        "org.springframework.web.servlet.DispatcherServlet", XaMethods.class.getClassLoader());

    private final ListableBeanFactory beans;
    private final Supplier<Barriers> barriers;
    private final Supplier<Pactor> pactor;
    private final Supplier<String> baseUrl;
    private final Map<MethodClassKey, XaMethod> known = new ConcurrentHashMap<>();

    XaMethods(ListableBeanFactory beans, Supplier<Barriers> barriers, Supplier<Pactor> pactor,
            Supplier<String> baseUrl) {
        this.beans = beans;
        this.barriers = barriers;
        this.pactor = pactor;
        this.baseUrl = baseUrl;
    }

    /** @throws ParticipantException if a method of this class cannot be safe */
    void check(String beanName, Class<?> type) {
        ParticipantMethods.annotated(type, Xa.class).forEach((method, xa) -> known.computeIfAbsent(
            new MethodClassKey(method, type),
            key -> checked("bean '" + beanName + "', " + method, type, method, xa)));
    }

    XaMethod of(Method method, Class<?> type) {
        MethodClassKey key =
            new MethodClassKey(AopUtils.getMostSpecificMethod(method, type), type);
        XaMethod found = known.get(key);
        if (found == null) {
            check("of " + type.getName(), type);
            found = known.get(key);
        }
        return found;
    }

    /** Where the coordinator reaches the application, without a slash at its end. */
    String baseUrl() {
        return baseUrl.get().replaceAll("/+$", "");
    }

    private XaMethod checked(String named, Class<?> type, Method method, Xa xa) {
        ParticipantMethods.checkReachable(named, method);
        ParticipantMethods.checkResult(named, method);
        if (!HAS_WEB || !Mappings.isServed(type, method)) {
            throw new ParticipantException(named + " is @Xa, and is no method of a controller of"
                + " Spring MVC that is mapped to POST",
                "Map it, as with @PostMapping: the second phase comes to its url.");
        }
        if (beans.getBeanProvider(TransactionAttributeSource.class).stream()
                .anyMatch(each -> each.getTransactionAttribute(method, type) != null)) {
            throw new ParticipantException(named + " is @Xa, and has a transaction of Spring's,"
                + " which would commit and not be prepared", "Remove @Transactional.");
        }
        if (baseUrl().isEmpty()) {
            throw new ParticipantException(
                named + " is @Xa, and its second phase has no address",
                "Set pactor.participant.base-url to where the coordinator reaches this "
                    + "application.");
        }
        BoundBarrier barrier = barriers.get().of(dataSource(named, xa));
        return new XaMethod(method, barrier.dataSource(), participant(named, barrier));
    }

    private DataSource dataSource(String named, Xa xa) {
        try {
            return xa.dataSource().isEmpty() ? beans.getBean(DataSource.class)
                : beans.getBean(xa.dataSource(), DataSource.class);
        } catch (BeansException e) {
            throw new ParticipantException(
                named + ": its data source is not clear: " + e.getMessage(),
                "Name its bean at @Xa(dataSource = ...).");
        }
    }

    private XaParticipant participant(String named, BoundBarrier barrier) {
        XaParticipant participant = barrier.xa(pactor.get());
        try {
            participant.check();
        } catch (IllegalStateException | SQLException e) {
            throw new ParticipantException(
                named + " cannot prepare in " + barrier + ": " + e.getMessage(),
                "Use PostgreSQL with max_prepared_transactions, or MariaDB, with the tables of "
                    + "the barrier.");
        }
        return participant;
    }

    /** Apart, so that its classes are loaded only where Spring MVC is. */
    private static final class Mappings {

        static boolean isServed(Class<?> type, Method method) {
            RequestMapping mapping =
                AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
            return AnnotatedElementUtils.hasAnnotation(type, Controller.class) && mapping != null
                && (mapping.method().length == 0
                    || Arrays.asList(mapping.method()).contains(RequestMethod.POST));
        }
    }
}
