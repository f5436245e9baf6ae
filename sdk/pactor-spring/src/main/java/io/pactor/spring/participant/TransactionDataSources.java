package io.pactor.spring.participant;

import javax.sql.DataSource;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.ClassUtils;

/** Tells the data source whose connection a transaction manager binds to the thread. */
final class TransactionDataSources {

    private static final boolean HAS_JPA = ClassUtils.isPresent(
        "org.springframework.orm.jpa.JpaTransactionManager",
        TransactionDataSources.class.getClassLoader());

    private TransactionDataSources() {}

    /** @return null if it binds none */
    static DataSource of(TransactionManager manager) {
        if (manager instanceof ResourceTransactionManager resources
                && resources.getResourceFactory() instanceof DataSource dataSource) {
            return dataSource;
        }
        return HAS_JPA ? Jpa.dataSource(manager) : null;
    }

    /** Apart, so that its class is loaded only where there is JPA. */
    private static final class Jpa {

        static DataSource dataSource(TransactionManager manager) {
            return manager instanceof JpaTransactionManager jpa ? jpa.getDataSource() : null;
        }
    }
}
