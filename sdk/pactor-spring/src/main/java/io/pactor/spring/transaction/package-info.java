/** Global transactions by annotation, and what calls to other services say of them. */
package io.pactor.spring.transaction;
