package io.pactor.spring.participant;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.TransactionManagementConfigurer;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.util.ClassUtils;

/**
 * Finds participants and checks them: each needs a transaction that writes, of a manager that binds
 * a JDBC connection, and a result that can be kept.
 */
final class ParticipantMethods {

    private final ListableBeanFactory beans;
    private final Function<DataSource, BoundBarrier> barriers;
    private final Map<MethodClassKey, ParticipantMethod> known = new ConcurrentHashMap<>();

    /** @param barriers makes the barrier of a data source */
    ParticipantMethods(ListableBeanFactory beans, Function<DataSource, BoundBarrier> barriers) {
        this.beans = beans;
        this.barriers = barriers;
    }

    /** @throws ParticipantException if a participant of this class cannot be safe */
    void check(String beanName, Class<?> type) {
        annotated(type, Participant.class).forEach((method, participant) -> known.computeIfAbsent(
            new MethodClassKey(method, type),
            key -> checked("bean '" + beanName + "', " + method, type, method, participant)));
    }

    ParticipantMethod of(Method method, Class<?> type) {
        Method specific = AopUtils.getMostSpecificMethod(method, type);
        MethodClassKey key = new MethodClassKey(specific, type);
        ParticipantMethod found = known.get(key);
        if (found == null) {
            check("of " + type.getName(), type);
            found = known.get(key);
        }
        return found;
    }

    /** Its methods that have the annotation, also by an interface. */
    static <A extends Annotation> Map<Method, A> annotated(Class<?> type, Class<A> annotation) {
        return MethodIntrospector.selectMethods(type,
            (MethodIntrospector.MetadataLookup<A>) method ->
                AnnotatedElementUtils.findMergedAnnotation(method, annotation));
    }

    private ParticipantMethod checked(String named, Class<?> type, Method method,
            Participant participant) {
        checkReachable(named, method);
        checkResult(named, method);
        checkUndone(named, type, participant.undoes());
        DataSource dataSource = dataSource(named, type, attribute(named, type, method));
        return new ParticipantMethod(
            method, !participant.undoes().isEmpty(), barriers.apply(dataSource));
    }

    /** A proxy passes on what it can override, or what an interface has. */
    static void checkReachable(String named, Method method) {
        int modifiers = method.getModifiers();
        boolean isInInterface = Arrays.stream(
            ClassUtils.getAllInterfacesForClass(method.getDeclaringClass())).anyMatch(
                each -> ClassUtils.hasMethod(each, method.getName(), method.getParameterTypes()));
        if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers)
                || Modifier.isFinal(modifiers) && !isInInterface) {
            throw new ParticipantException(
                named + " is private, static or final, so that a call passes no proxy",
                "Make it public, and let a class override it.");
        }
    }

    static void checkResult(String named, Method method) {
        if (LaterResults.isLater(method.getReturnType())) {
            throw new ParticipantException(named + " returns a "
                + method.getReturnType().getName() + ", which ends after its transaction",
                "Return the value itself.");
        }
    }

    private static void checkUndone(String named, Class<?> type, String undone) {
        if (undone.isEmpty()) {
            return;
        }
        Map<Method, Participant> participants = annotated(type, Participant.class);
        boolean isAction = participants.entrySet().stream().anyMatch(
            each -> each.getKey().getName().equals(undone) && each.getValue().undoes().isEmpty());
        if (!isAction) {
            throw new ParticipantException(
                named + " undoes '" + undone + "', which is no @Participant action of "
                    + participants.keySet().stream().map(Method::getName).sorted().toList(),
                "Name the method that it undoes.");
        }
    }

    private TransactionAttribute attribute(String named, Class<?> type, Method method) {
        TransactionAttribute attribute = beans.getBeanProvider(TransactionAttributeSource.class)
            .orderedStream().map(source -> source.getTransactionAttribute(method, type))
            .filter(found -> found != null).findFirst()
            .orElseThrow(() -> new ParticipantException(named + " has no transaction",
                "Annotate it with @Transactional (and see that it is public, and that transaction "
                    + "management is on)."));
        if (attribute.isReadOnly()) {
            throw new ParticipantException(named + " has a read-only transaction",
                "Let it write: the barrier's row is written in it.");
        }
        if (attribute.getPropagationBehavior() == TransactionDefinition.PROPAGATION_NEVER
                || attribute.getPropagationBehavior()
                    == TransactionDefinition.PROPAGATION_NOT_SUPPORTED
                || attribute.getPropagationBehavior()
                    == TransactionDefinition.PROPAGATION_SUPPORTS) {
            throw new ParticipantException(named + " may run without a transaction",
                "Use the propagation REQUIRED, REQUIRES_NEW, MANDATORY or NESTED.");
        }
        return attribute;
    }

    private DataSource dataSource(String named, Class<?> type, TransactionAttribute attribute) {
        TransactionManager manager = manager(named, qualifier(type, attribute));
        DataSource dataSource = TransactionDataSources.of(manager);
        if (dataSource == null) {
            throw new ParticipantException(
                named + ": the transaction manager " + manager.getClass().getName()
                    + " binds no JDBC connection",
                "Use a JdbcTransactionManager, or a JpaTransactionManager with a data source.");
        }
        return dataSource;
    }

    /** As Spring since 6.2: the method's own, else that of a {@code @Qualifier} at the class. */
    private String qualifier(Class<?> type, TransactionAttribute attribute) {
        String named = attribute.getQualifier();
        if (named != null && !named.isEmpty()) {
            return named;
        }
        String ofType = BeanFactoryAnnotationUtils.getQualifierValue(type);
        return ofType != null && beans.containsBean(ofType)
            && beans.isTypeMatch(ofType, TransactionManager.class) ? ofType : null;
    }

    private TransactionManager manager(String named, String qualifier) {
        try {
            if (qualifier != null && !qualifier.isEmpty()) {
                return BeanFactoryAnnotationUtils.qualifiedBeanOfType(
                    (BeanFactory) beans, TransactionManager.class, qualifier);
            }
            TransactionManagementConfigurer configurer =
                beans.getBeanProvider(TransactionManagementConfigurer.class).getIfAvailable();
            return configurer != null ? configurer.annotationDrivenTransactionManager()
                : beans.getBean(TransactionManager.class);
        } catch (NoSuchBeanDefinitionException e) {
            throw new ParticipantException(
                named + ": its transaction manager is not clear: " + e.getMessage(),
                "Name it at @Transactional.");
        }
    }
}
