package io.pactor.spring.transaction;

import io.pactor.spring.participant.LaterResults;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Finds methods with {@link GlobalTransaction}, and checks them. */
final class GlobalTransactionMethods {

    private GlobalTransactionMethods() {}

    static GlobalTransaction annotation(Method method) {
        return AnnotatedElementUtils.findMergedAnnotation(method, GlobalTransaction.class);
    }

    /** The method of the class, where parameters have their names. */
    static Method specific(MethodInvocation invocation) {
        return AopUtils.getMostSpecificMethod(invocation.getMethod(),
            AopUtils.getTargetClass(invocation.getThis()));
    }

    /** @throws GlobalTransactionException if one of the class cannot work */
    static void check(String bean, Class<?> type) {
        Map<Method, GlobalTransaction> found = MethodIntrospector.selectMethods(type,
            (MethodIntrospector.MetadataLookup<GlobalTransaction>)
                GlobalTransactionMethods::annotation);
        found.forEach((method, annotation) ->
            check("bean '" + bean + "', " + method, method, annotation));
    }

    private static void check(String named, Method method, GlobalTransaction annotation) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers)
                || Modifier.isFinal(modifiers)) {
            throw new GlobalTransactionException(
                named + " is private, static or final, so that a call passes no proxy",
                "Make it public, and let a class override it.");
        }
        if (LaterResults.isLater(method.getReturnType())) {
            throw new GlobalTransactionException(
                named + " returns a " + method.getReturnType().getName()
                    + ", which ends after its transaction",
                "Return the value itself.");
        }
        if (annotation.timeout() < 0) {
            throw new GlobalTransactionException(
                named + " has the timeout " + annotation.timeout(), "Give seconds, or 0 for none.");
        }
        if (!annotation.gid().isEmpty()) {
            checkGid(named, method, annotation);
        }
    }

    private static void checkGid(String named, Method method, GlobalTransaction annotation) {
        if (method.getReturnType() != void.class) {
            throw new GlobalTransactionException(
                named + " has a gid of its own and returns a value, which is not there when the"
                    + " transaction has ended before",
                "Let it return nothing, or leave the gid out.");
        }
        if (annotation.propagation() != GlobalTransaction.Propagation.REQUIRED) {
            throw new GlobalTransactionException(
                named + " has a gid and the propagation " + annotation.propagation()
                    + ", which begins no transaction",
                "Leave the gid out.");
        }
        try {
            new SpelExpressionParser().parseExpression(annotation.gid());
        } catch (ParseException e) {
            throw new GlobalTransactionException(
                named + " has a gid that is no expression: " + e.getMessage(),
                "Quote text within it, as in \"'trip-' + #id\".");
        }
    }
}
