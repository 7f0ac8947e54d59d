FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
COPY frontend frontend
COPY sample-traces sample-traces
COPY sample-scenarios sample-scenarios
RUN ./mvnw --batch-mode --no-transfer-progress -DskipTests package

FROM eclipse-temurin:25-jre
RUN useradd --system --create-home --home-dir /home/faultscope faultscope
WORKDIR /home/faultscope
COPY --from=build /src/target/faultscope.jar faultscope.jar
USER faultscope

# Inside the container "loopback" would be out of everyone's reach, so the server binds to all of
# the container's addresses. Publish the port on the host's loopback only:
#   docker run --rm -p 127.0.0.1:8080:8080 faultscope
ENV SERVER_ADDRESS=0.0.0.0
EXPOSE 8080

# bash speaks TCP itself, so no curl is needed.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost:8080\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 4 _ status _ <&3 && (( status == 200 ))"]

ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-jar", "faultscope.jar"]
