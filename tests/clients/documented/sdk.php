try {
    $response = $b24Service
        ->core
        ->call(
            'event.offline.get',
            [
                'filter' => [
                    '=MESSAGE_ID' => 1,
                    '=EVENT_NAME' => 'ONCRMLEADADD',
                    '>=ID'       => 1,
                ],
            ]
        );

    $result = $response
        ->getResponseData()
        ->getResult();

    if ($result->error()) {
        error_log($result->error());
        echo 'Error: ' . $result->error();
    } else {
        echo 'Success: ' . print_r($result->data(), true);
    }

} catch (Throwable $e) {
    error_log($e->getMessage());
    echo 'Error getting offline events: ' . $e->getMessage();
}
